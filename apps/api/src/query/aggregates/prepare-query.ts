import type { WindowName } from '#config';
import { type Principal, pseudonymize } from '#identity';
import type { AggregateQuestion, SeriesPage } from '#rollups';
import type { EventTypes } from '../../event-types/event-type-registry.js';
import { type CursorScope, cursorScope, decodeCursor } from '../../http/input/cursor.js';
import { Problem, type ProblemError } from '../../http/problem.js';
import { aggregateQuestion } from './aggregate-question.js';
import type { AggregatesQuery } from './aggregates.query.js';
import { type AggregatesCursor, isAggregatesCursor, seriesOrder } from './aggregates-cursor.js';
import { readAggregatesQuery } from './read-aggregates-query.js';

/** Most points of an answer, about 5 MB; a page has fewer series rather than more points. */
const MAX_POINTS = 50_000;

/** A checked query, ready to be answered. */
export interface PreparedQuery {
  readonly query: AggregatesQuery;
  readonly question: AggregateQuestion;
  readonly page: SeriesPage;
  /** What the cursors of the answer belong to. */
  readonly scope: CursorScope;
  /** The range that was asked for, widened to whole windows, in milliseconds since the epoch. */
  readonly range: readonly [from: number, to: number];
}

export interface QueryContext {
  readonly principal: Principal;
  /** Event types of the organization. */
  readonly types: EventTypes;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Windows that may be read. */
  readonly kept: readonly WindowName[];
}

/**
 * Checks a query. Pure.
 * @param raw parameters as sent, with conditions in `where`
 * @returns what to read, or every fault
 */
export function prepareQuery(
  raw: Readonly<Record<string, unknown>>,
  { principal, types, now, kept }: QueryContext,
): PreparedQuery | { readonly errors: readonly ProblemError[] } {
  const read = readAggregatesQuery(raw, types, kept);
  if ('errors' in read) return read;
  const { query, type } = read;
  if (query.user_id !== undefined) query.user_id = pseudonymize(principal, query.user_id);
  const scope = cursorScope(principal.organizationId, query);
  try {
    const before = decodeCursor(scope, query.cursor, isAggregatesCursor);
    const range = before ? { from: before[0], to: before[1] } : undefined;
    const question = aggregateQuestion(query, { type, now, kept, range });
    return { query, question, scope, page: pageOf(query, question, before), range: rangeOf(question) };
  } catch (error) {
    if (error instanceof Problem && error.errors) return { errors: error.errors };
    throw error;
  }
}

/** Without the period before. */
const rangeOf = ({ bounds, periods }: AggregateQuestion) =>
  [bounds[((bounds.length - 1) / periods) * (periods - 1)]!, bounds.at(-1)!] as const;

function pageOf(
  query: AggregatesQuery,
  { bounds }: AggregateQuestion,
  before: AggregatesCursor | null,
): SeriesPage {
  return {
    limit: Math.min(query.limit, Math.ceil(MAX_POINTS / (bounds.length - 1))),
    after: before && [before[2], before[3]],
    rest: query.rest,
    ...seriesOrder(query),
  };
}

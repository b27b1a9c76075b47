import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Environment } from '#config';
import type { Principal } from '#identity';
import { aggregate, RawReadModel, RollupReads } from '#rollups';
import { EventTypeRegistry } from '../../event-types/event-type-registry.js';
import { encodeCursor } from '../../http/input/cursor.js';
import { invalidQuery } from '../../http/input/read-query.js';
import type { ProblemError } from '../../http/problem.js';
import { AnswerCache } from '../cache/answer-cache.js';
import type { Reader } from '../tenant-reads/reader.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';
import { cacheKey } from './cache-key.js';
import { goneBefore } from './gone-before.read-model.js';
import { type PreparedQuery, prepareQuery } from './prepare-query.js';
import { type Aggregates, renderAggregates } from './render-aggregates.js';

/** Parameters as sent, with conditions in `where`. */
export type RawQuery = Readonly<Record<string, unknown>>;

/** Answers questions about counts and measures by window. */
@Injectable()
export class AggregatesService {
  constructor(
    private readonly reads: TenantReads,
    private readonly environment: Environment,
    private readonly types: EventTypeRegistry,
    private readonly cache: AnswerCache,
    private readonly rollups: RollupReads,
  ) {}

  /**
   * @param now milliseconds since the epoch
   * @throws Problem 400 naming every faulty parameter
   */
  async aggregate(principal: Principal, reader: Reader, raw: RawQuery, now: number): Promise<Aggregates> {
    const prepared = await this.prepare(principal, raw, now);
    if ('errors' in prepared) throw invalidQuery(prepared.errors);
    const answer = async () => (await this.answer(reader, [prepared]))[0]!;
    const key = cacheKey(prepared, principal, now);
    return key === null ? answer() : this.cache.get(key, answer);
  }

  /** Checks a query. @returns what to read, or every fault */
  async prepare(
    principal: Principal,
    raw: RawQuery,
    now: number,
  ): Promise<PreparedQuery | { readonly errors: readonly ProblemError[] }> {
    const types = await this.types.of(principal);
    return prepareQuery(raw, { principal, types, now, kept: this.environment.AGGREGATION_WINDOWS });
  }

  /** Answers in order; everything that comes from rollups in one snapshot. */
  async answer(reader: Reader, queries: readonly PreparedQuery[]): Promise<Aggregates[]> {
    const answers = new Map<PreparedQuery, Aggregates>();
    const answerAll = (isRaw: boolean) => async (client: PoolClient) => {
      for (const query of queries.filter(({ question }) => isRaw === (question.userIds !== undefined))) {
        answers.set(query, await this.read(client, reader.organizationId, query));
      }
    };
    const isRaw = queries.map(({ question }) => question.userIds !== undefined);
    if (isRaw.includes(false)) await this.reads.snapshot(reader, answerAll(false));
    if (isRaw.includes(true)) await this.reads.run(reader, answerAll(true));
    return queries.map((query) => answers.get(query)!);
  }

  private async read(
    client: PoolClient,
    organizationId: string,
    prepared: PreparedQuery,
  ): Promise<Aggregates> {
    const { query, question, page, scope } = prepared;
    const source =
      question.userIds === undefined
        ? this.rollups.in(client, organizationId)
        : new RawReadModel(client, organizationId);
    const found = await aggregate(source, question, page, this.environment.AGGREGATION_WINDOWS);
    const cursor = found.next && encodeCursor(scope, [...prepared.range, ...found.next]);
    const gone = await goneBefore(client, organizationId, question, Date.now());
    return renderAggregates(query, question, found, cursor, gone);
  }
}

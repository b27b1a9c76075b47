import { binaryArray, int4Array, jsonbArray, textArray, timestamptzArray, uuidArray } from '#batch';
import type { BinaryParameter } from '#database';
import { fold, type OrganizationDelta } from '#rollups';
import type { Deltas } from '../series/series-limit.js';
import { type PendingBatch, ROW_COLUMNS, type RowColumn, SKIP } from './pending-batch.js';

/** An event that PostgreSQL refuses, and why. */
export interface DeadEvent {
  readonly batch: PendingBatch;
  readonly index: number;
  /** SQLSTATE. */
  readonly code: string;
  readonly reason: string;
}

const COLUMN_TYPE = {
  ts: 'timestamptz',
  id: 'text',
  type: 'text',
  userId: 'text',
  sessionId: 'text',
  src: 'text',
  payload: 'json',
} as const satisfies Record<RowColumn, string>;

/** Parameters for the events of the batches that are to be inserted: organizations, instants, columns, revisions. */
export function eventParameters(batches: readonly PendingBatch[]): BinaryParameter[] {
  const kept = batches.map((batch) => batch.skippedAs(SKIP.no));
  const total = kept.reduce((sum, count) => sum + count, 0);
  return [
    uuidArray(organizations(batches), kept),
    timestamptzArray(
      batches.map(({ encoded }) => encoded.receivedAt),
      kept,
    ),
    ...ROW_COLUMNS.map((name) =>
      binaryArray(
        COLUMN_TYPE[name],
        total,
        batches.flatMap((batch) => batch.keptElements(name)),
      ),
    ),
    int4Array(batches.flatMap((batch) => batch.keptTypeRevisions())),
  ];
}

/** Parameters for a look at some events' keys: organizations, ts, ids. */
export function keyParameters(
  candidates: readonly (readonly [PendingBatch, readonly number[]])[],
): BinaryParameter[] {
  const counts = candidates.map(([, events]) => events.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const batches = candidates.map(([batch]) => batch);
  const elements = (name: RowColumn) =>
    candidates.flatMap(([batch, events]) => batch.elementsOf(name, events));
  return [
    uuidArray(organizations(batches), counts),
    binaryArray('timestamptz', total, elements('ts')),
    binaryArray('text', total, elements('id')),
  ];
}

const organizations = (batches: readonly PendingBatch[]) =>
  batches.map(({ encoded }) => encoded.organizationId);

/** What the events that are not skipped add, by organization. */
export function foldByOrganization(batches: readonly PendingBatch[]): Deltas {
  return new Map(
    [...byOrganization(batches)].map(([organizationId, own]) => [
      organizationId,
      fold(own.map((batch) => batch.foldInput())),
    ]),
  );
}

/** Parameters for the deltas: one row for each organization and type, and one for each organization. */
export function deltaParameters(deltas: Deltas): BinaryParameter[] {
  const series = [...deltas].flatMap(([organizationId, delta]) =>
    [...delta.types].map(([type, rows]) => [organizationId, type, JSON.stringify(rows)] as const),
  );
  const active = [...deltas].filter(([, delta]) => hasActivity(delta));
  return [
    uuidArray(series.map(([organizationId]) => organizationId)),
    textArray(series.map(([, type]) => type)),
    textArray(
      series.map(([, , rows]) => rows),
      'json',
    ),
    uuidArray(active.map(([organizationId]) => organizationId)),
    textArray(
      active.map(([, delta]) => JSON.stringify(delta.sessions)),
      'json',
    ),
    textArray(
      active.map(([, delta]) => JSON.stringify(delta.userDays)),
      'json',
    ),
  ];
}

const hasActivity = (delta: OrganizationDelta) => delta.sessions.length > 0 || delta.userDays.length > 0;

function byOrganization(batches: readonly PendingBatch[]): Map<string, PendingBatch[]> {
  const groups = new Map<string, PendingBatch[]>();
  for (const batch of batches) {
    const group = groups.get(batch.encoded.organizationId);
    if (group) group.push(batch);
    else groups.set(batch.encoded.organizationId, [batch]);
  }
  return groups;
}

/** Parameters for the ledger: one row for each batch. */
export function ledgerParameters(batches: readonly PendingBatch[]): BinaryParameter[] {
  return [
    ...batchKeyParameters(batches),
    int4Array(batches.map((batch) => batch.skippedAs(SKIP.no))),
    int4Array(batches.map((batch) => batch.skippedAs(SKIP.duplicate))),
    int4Array(batches.map((batch) => batch.skippedAs(SKIP.dead) + (batch.encoded.erased ?? 0))),
    textArray(batches.map(({ encoded }) => encoded.actor)),
    textArray(batches.map(({ encoded }) => encoded.clientAddress)),
  ];
}

/** Parameters for the keys of batches in the ledger: organizations, instants of receipt, ids. */
export function batchKeyParameters(batches: readonly PendingBatch[]): BinaryParameter[] {
  return [
    uuidArray(organizations(batches)),
    timestamptzArray(batches.map(({ encoded }) => encoded.receivedAt)),
    uuidArray(batches.map(({ encoded }) => encoded.batchId)),
  ];
}

/** Parameters for the dead letters: one row for each event PostgreSQL refuses. */
export function deadLetterParameters(dead: readonly DeadEvent[]): BinaryParameter[] {
  return [
    uuidArray(dead.map(({ batch }) => batch.encoded.organizationId)),
    uuidArray(dead.map(({ batch }) => batch.encoded.batchId)),
    timestamptzArray(dead.map(({ batch }) => batch.encoded.receivedAt)),
    textArray(dead.map(({ code }) => code)),
    textArray(dead.map(({ reason }) => reason)),
    jsonbArray(dead.map(({ batch, index }) => JSON.stringify(eventDocument(batch, index), storable))),
  ];
}

/** An event in the native API's form, so that it can be read, mended and posted again. */
function eventDocument(batch: PendingBatch, index: number): Record<string, unknown> {
  const payload = batch.strings('payload')[index] ?? '{}';
  return {
    id: batch.strings('id')[index],
    ts: new Date(batch.tsOf(index)).toISOString(),
    type: batch.strings('type')[index],
    user_id: batch.strings('userId')[index],
    session_id: batch.strings('sessionId')[index],
    src: batch.strings('src')[index],
    payload: parseOrKeep(payload),
  };
}

function parseOrKeep(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // What PostgreSQL refused may be the JSON itself; a dead letter keeps it as text.
    return payload;
  }
}

/** jsonb has no place for NULs and lone surrogates, which may be what the event was refused for. */
function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), inner]));
}

const storableText = (text: string) => text.replaceAll('\0', '\u2400').toWellFormed();

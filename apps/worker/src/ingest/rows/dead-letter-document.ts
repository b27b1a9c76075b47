import type { TextColumn } from '#batch';
import type { PendingBatch } from './pending-batch.js';

/** Writes events in the native format, to be read, corrected and sent again. */
export class DeadLetterDocuments {
  private readonly decoded = new Map<PendingBatch, DecodedBatch>();

  /** @returns JSON that jsonb can store */
  of(batch: PendingBatch, index: number): string {
    const columns = this.decoded.get(batch) ?? decode(batch);
    this.decoded.set(batch, columns);
    const document = {
      id: columns.id[index],
      ts: new Date(columns.ts[index]!).toISOString(),
      type: columns.type[index],
      user_id: columns.userId[index],
      session_id: columns.sessionId[index],
      src: columns.src[index],
      payload: parseOrKeep(columns.payload[index] ?? '{}'),
    };
    return JSON.stringify(document, storable);
  }
}

type DecodedBatch = Readonly<Record<TextColumn, readonly (string | null)[]>> & {
  /** Milliseconds since the epoch. */
  readonly ts: ArrayLike<number>;
};

const decode = ({ reader }: PendingBatch): DecodedBatch => ({
  ts: reader.instants(),
  id: reader.strings('id'),
  type: reader.strings('type'),
  userId: reader.strings('userId'),
  sessionId: reader.strings('sessionId'),
  src: reader.strings('src'),
  payload: reader.strings('payload'),
});

function parseOrKeep(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // Invalid JSON may be what PostgreSQL refused; the dead letter keeps it as text.
    return payload;
  }
}

/** Replaces NULs and lone surrogates, which jsonb cannot hold and which may be why the event was refused. */
function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), inner]));
}

const storableText = (text: string) => text.replaceAll('\0', '\u2400').toWellFormed();

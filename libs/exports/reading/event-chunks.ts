import type { ClientBase } from 'pg';
import type { Column } from '../request/columns.js';
import type { ExportFilter } from '../request/export-filter.js';
import type { Rendering } from './columns.read-model.js';
import { nextSpan, SPAN_LIMITS, type SpanLimits } from './next-span.read-model.js';
import type { Position, Span } from './position.js';
import { spanEvents } from './span-events.read-model.js';

/** Runs statements of one organization in a transaction, each in a snapshot of its own. */
export type RunRead = <T>(work: (client: ClientBase) => Promise<T>) => Promise<T>;

/** Consecutive events, rendered: a few megabytes. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly events: number;
  /** The position behind them. */
  readonly upTo: Position;
}

/** A chunk that is being read. */
interface Reading {
  /** Null: no event is left. */
  readonly span: Promise<Span | null>;
  readonly chunk: Promise<Chunk | null>;
}

/**
 * Reads the events of an export chunk by chunk. Once a chunk has been read there is neither a snapshot nor a connection
 * left, however slow whoever takes it is.
 */
export class EventChunks {
  constructor(
    private readonly run: RunRead,
    private readonly organizationId: string,
    private readonly filter: ExportFilter,
    private readonly shape: { readonly rendering: Rendering; readonly columns: readonly Column[] },
    private readonly limits: SpanLimits = SPAN_LIMITS,
  ) {}

  /** Chunks of the events after a position; none is empty. One is read ahead of the one that is being taken. */
  async *after(start: Position): AsyncGenerator<Chunk> {
    for (let current: Reading | null = this.read(start); current; ) {
      const span: Span | null = await current.span;
      const next: Reading | null = span && this.read(span.upTo);
      const chunk = await current.chunk;
      if (chunk && chunk.events > 0) yield chunk;
      current = next;
    }
  }

  private read(after: Position): Reading {
    const { organizationId, filter, shape, limits } = this;
    let found: (span: Span | null) => void;
    const span = new Promise<Span | null>((resolve) => {
      found = resolve;
    });
    const chunk = this.run(async (client) => {
      const next = await nextSpan(client, organizationId, filter, after, limits);
      found(next);
      if (!next) return null;
      const { bytes, rows } = await spanEvents(client, organizationId, filter, next, shape);
      return { bytes, events: rows, upTo: next.upTo };
    });
    // Whoever takes the chunk gets its error. If nobody does, it must not end the process.
    chunk.catch(() => found(null));
    return { span, chunk };
  }
}

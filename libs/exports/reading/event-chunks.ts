import type { ClientBase } from 'pg';
import type { ExportFilter } from '../request/export-filter.js';
import { nextSpan } from './next-span.read-model.js';
import type { Position, Span } from './position.js';
import { type Lines, spanLines } from './span-lines.read-model.js';

/** Runs statements of one organization, each in a snapshot of its own. */
export type RunRead = <T>(work: (client: ClientBase) => Promise<T>) => Promise<T>;

/** Consecutive events, a few megabytes. */
export interface Chunk {
  readonly text: string;
  readonly events: number;
  /** The position behind them. */
  readonly upTo: Position;
}

/** Chunks that are read ahead of the one that is being written. */
const AHEAD = 1;

/**
 * Reads the events of an export chunk by chunk. Between chunks there is neither a snapshot nor a connection, however slow
 * the reader is.
 */
export class EventChunks {
  constructor(
    private readonly run: RunRead,
    private readonly organizationId: string,
    private readonly filter: ExportFilter,
    private readonly lines: Lines,
  ) {}

  /** Chunks of the events after a position; none is empty. */
  async *after(start: Position): AsyncGenerator<Chunk> {
    const ahead: Promise<Chunk>[] = [];
    for (let span = await this.next(start); span; span = await this.next(span.upTo)) {
      const chunk = this.read(span);
      // Whoever takes the chunk gets the error; without this, it would end the process if nobody does.
      chunk.catch(() => {});
      ahead.push(chunk);
      if (ahead.length > AHEAD) yield* nonEmpty(await ahead.shift()!);
    }
    for (const chunk of ahead) yield* nonEmpty(await chunk);
  }

  private next(after: Position): Promise<Span | null> {
    return this.run((client) => nextSpan(client, this.organizationId, this.filter, after));
  }

  private async read(span: Span): Promise<Chunk> {
    const { organizationId, filter, lines } = this;
    const read = await this.run((client) => spanLines(client, organizationId, filter, span, lines));
    return { ...read, upTo: span.upTo };
  }
}

const nonEmpty = (chunk: Chunk) => (chunk.events > 0 ? [chunk] : []);

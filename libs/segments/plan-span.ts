import type { Span } from './span.js';

/** Events of a block. A page of raw events reads two blocks; 4,000 events take 5 ms to decode. */
const BLOCK_EVENTS = 4000;
/** Bytes of payloads of a block. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/**
 * Rows that one transaction moves, and bytes of their payloads. With 4,000 rows closing takes a tenth more CPU; with 20,000
 * acknowledgements waited longer.
 */
export const MAX_ROWS = 2 * BLOCK_EVENTS;
export const MAX_ROW_BYTES = 2 * BLOCK_BYTES;
/** Blocks that one statement opens. */
export const MAX_OPENED = 5;

/** Rows that are to be moved. */
export interface PendingSpan extends Span {
  /** Whether no row of the day comes after them. */
  readonly isRest: boolean;
}

/** A block, and where it lies relative to the pending rows. */
export interface NearbyBlock extends Span {
  readonly place: 'before' | 'overlapping' | 'after';
  /** Whether it ends before the last of the pending rows. */
  readonly endsBefore: boolean;
}

/** Into how many blocks a span is divided. */
export const blocksOf = ({ events, payloadBytes }: Pick<Span, 'events' | 'payloadBytes'>) => ({
  byNumber: Math.max(1, Math.ceil(events / BLOCK_EVENTS)),
  bySize: Math.max(1, Math.ceil(payloadBytes / BLOCK_BYTES)),
});

/**
 * The span that one statement rewrites: the pending rows with the blocks among them, and small blocks next to them, so that
 * late events do not leave many small blocks.
 * @param blocks the block in front of the rows, those that overlap them, and the next one, in order
 * @returns the span; its events and bytes count rows beyond its end, too, when that was moved forward
 */
export function planSpan(rows: PendingSpan, blocks: readonly NearbyBlock[]): Span {
  let { first, last, events, payloadBytes } = rows;
  let opened = 0;
  for (const block of blocks) {
    if (block.place === 'before' && !isSmall(block)) continue;
    if (block.place === 'after' && !(isSmall(block) && rows.isRest)) continue;
    events += block.events;
    payloadBytes += block.payloadBytes;
    if (block.place === 'before') first = block.first;
    if (block.place === 'after') last = block.last;
    if (++opened === MAX_OPENED) {
      if (block.endsBefore) last = block.last;
      break;
    }
  }
  return { first, last, events, payloadBytes };
}

const isSmall = ({ events, payloadBytes }: Span) =>
  events < BLOCK_EVENTS / 2 && payloadBytes < BLOCK_BYTES / 2;

import type { ExportFile } from '../formats/export-format.js';
import type { Chunk } from '../reading/event-chunks.js';
import type { Position } from '../reading/position.js';

/** Consecutive bytes of a file. */
export interface Piece {
  readonly bytes: Buffer;
  /** Events up to its end. */
  readonly events: number;
  /** The position behind them; null: the file is complete. */
  readonly upTo: Position | null;
}

/**
 * Writes a file piece by piece.
 * @param start the position before the first chunk
 * @param events written before, by another process; null: the file is new
 */
export async function* piecesOf(
  file: ExportFile,
  chunks: AsyncIterable<Chunk>,
  start: Position,
  written: number | null = null,
): AsyncGenerator<Piece> {
  let events = written ?? 0;
  if (written === null) yield { bytes: file.begin(), events, upTo: start };
  for await (const chunk of chunks) {
    events += chunk.events;
    yield { bytes: await file.add(chunk), events, upTo: chunk.upTo };
  }
  yield { bytes: await file.end(events), events, upTo: null };
}

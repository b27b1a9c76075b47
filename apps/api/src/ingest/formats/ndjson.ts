import type { RawEvent } from '#catalog';
import { RefusedEvent } from '../ingest-format.js';
import { checkCount } from './event-list.js';
import { isJsonObject } from './json-object.js';

function parseLine(line: string, number: number): RawEvent | RefusedEvent {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : new RefusedEvent('invalid_event', '', 'expected an object');
  } catch (error) {
    return new RefusedEvent('invalid_event', '', `line ${number} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * The events of a body with one JSON object per line. Blank lines are skipped; an unreadable line
 * is refused by itself.
 * @throws IngestProblem as `checkCount`
 */
export function ndjsonEvents(body: Buffer, maxEvents: number): (RawEvent | RefusedEvent)[] {
  const text = body.toString('utf8');
  const events: (RawEvent | RefusedEvent)[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    number++;
    if (line === '') continue;
    // Counted before it is parsed: a body of millions of bad lines would cost seconds in exceptions.
    checkCount(events.length + 1, maxEvents);
    events.push(parseLine(line, number));
  }
  checkCount(events.length, maxEvents);
  return events;
}

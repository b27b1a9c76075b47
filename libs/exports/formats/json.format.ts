import type { Chunk } from '../reading/event-chunks.js';
import type { ExportFile, ExportFormat } from './export-format.js';
import { endLinesWith } from './line-ends.js';

const COMMA = 0x2c;
const SEPARATOR = Buffer.from(',\n');

class JsonFile implements ExportFile {
  constructor(public state = { hasEvents: false }) {}

  begin(): Buffer {
    return Buffer.from('{"data":[\n');
  }

  async add({ bytes, events }: Pick<Chunk, 'bytes' | 'events'>): Promise<Buffer> {
    const separated = endLinesWith(COMMA, bytes, events).subarray(0, -SEPARATOR.length);
    const { hasEvents } = this.state;
    this.state = { hasEvents: true };
    return hasEvents ? Buffer.concat([SEPARATOR, separated]) : separated;
  }

  async end(events: number): Promise<Buffer> {
    return Buffer.from(`\n],"complete":true,"events":${events}}\n`);
  }
}

/** One JSON document. PostgreSQL renders its events. */
export const json: ExportFormat = {
  name: 'json',
  mediaType: 'application/json',
  description:
    'One document: `data` has the events as in `GET /v1/events`, each on a line of its own; `complete` and the number of ' +
    '`events` are at the end.',
  options: [],
  isCompressed: false,
  rendering: 'json',
  open: (_request, state) => new JsonFile(state as JsonFile['state'] | undefined),
};

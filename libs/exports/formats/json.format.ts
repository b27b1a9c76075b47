import type { ExportFile, ExportFormat } from './export-format.js';

/** One JSON document. */
class JsonFile implements ExportFile {
  constructor(public state: { hasEvents: boolean } = { hasEvents: false }) {}

  begin(): Buffer {
    return Buffer.from('{"data":[\n');
  }

  async add(lines: string): Promise<Buffer> {
    const separator = this.state.hasEvents ? ',\n' : '';
    this.state = { hasEvents: true };
    return Buffer.from(separator + lines);
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
    'One document, `data` with events as in `GET /v1/events`, an event per line. The file is complete if it is valid JSON: ' +
    '`complete` and the number of `events` are at its end.',
  options: [],
  isCompressed: false,
  lines: { kind: 'object', separator: ',\n' },
  open: (_request, state) => new JsonFile(state as JsonFile['state'] | undefined),
};

import type { ExportFormat } from './export-format.js';

/** A JSON object per line. PostgreSQL renders them. */
export const ndjson: ExportFormat = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  description:
    'An event per line, as in `GET /v1/events`. The last line is `{"complete":true,"events":<n>}` if `end_line=true`.',
  options: ['end_line'],
  isCompressed: false,
  rendering: 'json',
  open: ({ options }) => ({
    begin: () => Buffer.alloc(0),
    add: async ({ bytes }) => bytes,
    end: async (events) =>
      Buffer.from(options.end_line ? `${JSON.stringify({ complete: true, events })}\n` : ''),
    state: null,
  }),
};

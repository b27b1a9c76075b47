import type { ExportFormat } from './export-format.js';

/** A JSON object per line. PostgreSQL renders them. */
export const ndjson: ExportFormat = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  description:
    'An event per line, as in `GET /v1/events`. The file is complete if the trailer `X-Export-Events` arrived, or, with ' +
    '`end_line=true`, if its last line is `{"complete":true,"events":<n>}`.',
  options: ['end_line'],
  isCompressed: false,
  lines: { kind: 'object', separator: '\n' },
  open: ({ options }) => ({
    begin: () => Buffer.alloc(0),
    add: async (lines) => Buffer.from(`${lines}\n`),
    end: async (events) =>
      Buffer.from(options.end_line ? `${JSON.stringify({ complete: true, events })}\n` : ''),
    state: null,
  }),
};

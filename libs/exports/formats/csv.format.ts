import type { ExportFormat } from './export-format.js';

const BOM = '\ufeff';
const END_OF_LINE = '\r\n';

/** Comma-separated values (RFC 4180). PostgreSQL renders the records. */
export const csv: ExportFormat = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  description:
    'RFC 4180, with a header. Text is quoted; text that a spreadsheet program would run as a formula (it begins with ' +
    '`=`, `+`, `-`, `@`, tab or CR) gets an apostrophe in front. Numbers of the payload are neither. Instants are RFC ' +
    '3339 in UTC. `bom=true` begins with a byte order mark, which Excel needs to read UTF-8. The file is complete if ' +
    'the trailer `X-Export-Events` arrived, or, with `end_line=true`, if its last line is `# complete: <n> events`.',
  options: ['bom', 'end_line'],
  isCompressed: false,
  lines: { kind: 'csv', separator: '' },
  open: ({ columns, options }) => ({
    begin: () =>
      Buffer.from((options.bom ? BOM : '') + columns.map(({ name }) => header(name)).join(',') + END_OF_LINE),
    add: async (lines) => Buffer.from(lines),
    end: async (events) => Buffer.from(options.end_line ? `# complete: ${events} events${END_OF_LINE}` : ''),
    state: null,
  }),
};

/** Clients choose the names of fields. */
const header = (name: string) => (/^[\w.]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

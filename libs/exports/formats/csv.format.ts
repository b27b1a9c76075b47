import type { ExportFormat } from './export-format.js';
import { endLinesWith } from './line-ends.js';

const BOM = '\ufeff';
const CARRIAGE_RETURN = 0x0d;
const END_OF_LINE = '\r\n';

/** Comma-separated values (RFC 4180). PostgreSQL renders the records. */
export const csv: ExportFormat = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  description:
    'RFC 4180, with a header. Instants are RFC 3339 in UTC. Text that a spreadsheet program would run as a formula, ' +
    'because it begins with `=`, `+`, `-`, `@`, tab or CR, gets an apostrophe in front; numbers of the payload do not. ' +
    'A missing value is empty, empty text is `""`. `bom=true` begins with a byte order mark, by which Excel recognizes ' +
    'UTF-8. The last line is `# complete: <n> events` if `end_line=true`.',
  options: ['bom', 'end_line'],
  isCompressed: false,
  rendering: 'csv',
  open: ({ columns, options }) => ({
    begin: () => Buffer.from((options.bom ? BOM : '') + columns.map(heading).join(',') + END_OF_LINE),
    // COPY ends records with a line feed alone.
    add: async ({ bytes, events }) => endLinesWith(CARRIAGE_RETURN, bytes, events),
    end: async (events) => Buffer.from(options.end_line ? `# complete: ${events} events${END_OF_LINE}` : ''),
    state: null,
  }),
};

/** Clients choose the names of fields. */
const heading = ({ name }: { readonly name: string }) =>
  /^[\w.]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

import type { MailContent } from './mail-content.js';
import type { MailTable } from './mail-tables.js';

/** The mail for programs that show no HTML. Pure. */
export function mailText(content: MailContent, unsubscribeUrl: string): string {
  const figures = content.figures.map(
    ({ label, value, before, change }) => `${label}: ${value} (before: ${before}, ${change})`,
  );
  return [
    section(content.title, [content.period]),
    ...(content.unusual.length > 0 ? [section('Unusual', content.unusual)] : [content.preview]),
    section('Figures', figures),
    ...content.tables.map(tableSection),
    section('About the figures', content.notes),
    `You get this because your address was added to the recipients of these reports.\nUnsubscribe: ${unsubscribeUrl}\n`,
  ].join('\n\n');
}

const section = (title: string, lines: readonly string[]) =>
  [title.toUpperCase(), '-'.repeat([...title].length), ...lines].join('\n');

const tableSection = ({ title, columns, rows }: MailTable) =>
  section(
    title,
    rows.map(([name, ...values]) =>
      [name, ...values.map((value, i) => `${columns[i + 1]!.toLowerCase()} ${value}`)].join(', '),
    ),
  );

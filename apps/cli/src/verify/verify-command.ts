import type { Findings } from './findings.js';
import { verify } from './verify.js';

/**
 * Prints the differences and a summary.
 * @returns the exit code: 1 when there are differences
 */
export async function verifyCommand(print: (line: string) => void): Promise<number> {
  const findings = await verify();
  for (const line of report(findings)) print(line);
  return findings.differences > 0 ? 1 : 0;
}

function report({ lines, notes, differences, compared }: Findings): string[] {
  const unnamed = differences - lines.length;
  const counts = [...compared].map(([what, rows]) => `${rows} ${what}`).join(', ') || 'nothing to compare';
  return [
    ...lines,
    ...(unnamed > 0 ? [`… and ${unnamed} more`] : []),
    ...notes,
    `${differences === 0 ? 'No difference' : `${differences} differences`}: ${counts}.`,
  ];
}

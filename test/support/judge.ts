import { loadEnvironment } from '#config';
import type { Findings } from '../../apps/cli/src/verify/findings.js';
import { verify } from '../../apps/cli/src/verify/verify.js';

/** Runs `verify` on a database; fails with the differences. */
export async function expectNoDifference(databaseUrl: string): Promise<Findings> {
  const findings = await verify(loadEnvironment({ DATABASE_URL: databaseUrl }));
  expect(findings.lines).toEqual([]);
  expect(findings.differences).toBe(0);
  expect(findings.notes).toEqual([]);
  return findings;
}

import { Pool } from 'pg';
import { duration, type Verdict } from '#health';
import { GONE_AFTER, latestReports, type ReplicaKind, type ReplicaReport } from '#replicas';
import { defineCheck } from './define-check.js';
import { verdictOf, when } from './judge.js';

/** Pure. */
export function judgeWorkers(reports: readonly ReplicaReport[]): Verdict {
  const isHere = ({ age_seconds }: ReplicaReport) => age_seconds < GONE_AFTER;
  const here = (kind: ReplicaKind) =>
    reports.filter((report) => report.kind === kind && isHere(report)).length;
  const silent = reports.filter((report) => !isHere(report));
  const [workers, apis] = [here('worker'), here('api')];
  const ages = reports.filter(({ kind }) => kind === 'worker').map(({ age_seconds }) => age_seconds);
  const longest = Math.max(0, ...silent.map(({ age_seconds }) => age_seconds));
  const figures = {
    ...{ workers, api_replicas: apis, silent: silent.length, silent_seconds: Math.round(longest) },
    newest_worker_seconds: ages.length > 0 ? Math.round(Math.min(...ages)) : null,
  };
  const fine = `${workers} ${workers === 1 ? 'worker' : 'workers'} and ${apis} API ${apis === 1 ? 'process' : 'processes'} report.`;
  return verdictOf(fine, figures, [
    ...when(
      workers === 0,
      'fail',
      'No worker reports: start one, or see in its log why it cannot write to replicas.',
    ),
    ...when(
      apis === 0,
      'warn',
      'No API process reports: start one, or see in its log why it cannot write to replicas.',
    ),
    ...when(
      silent.length > 0,
      'warn',
      `${silent.map(({ kind }) => kind).join(', ')}: ended without a word, or silent for ${duration(longest)}. See the log.`,
    ),
  ]);
}

/** Which processes run. */
export const workers = defineCheck({
  name: 'workers',
  inject: [Pool],
  run: async (_context, pool) => judgeWorkers(await latestReports(pool)),
});

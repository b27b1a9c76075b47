import type { WindowName } from '#config';
import type { AggregateQuestion } from '#rollups';

/** Buckets, and whose events. */
export interface Scope {
  /** Bounds of the buckets, in milliseconds since the epoch. */
  readonly bounds: readonly number[];
  /** The stored window that the buckets are made of. */
  readonly stored: WindowName;
  /** Absent: everyone's. */
  readonly userIds?: readonly string[] | undefined;
}

/** What a question asks about the buckets of a scope. */
export type Part = Pick<AggregateQuestion, 'types' | 'groupBy' | 'statistics'> &
  Partial<Pick<AggregateQuestion, 'measure' | 'where'>>;

/** A question about the buckets of a scope. */
export const questionOf = ({ bounds, stored, userIds }: Scope, part: Part): AggregateQuestion => ({
  ...{ bounds, stored, periods: 1, where: {}, ...part },
  ...(userIds === undefined ? {} : { userIds }),
});

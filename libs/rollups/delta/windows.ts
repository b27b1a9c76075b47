import type { WindowName } from '#config';

/** Length of each window in seconds. */
export const WINDOW_SECONDS: Readonly<Record<WindowName, number>> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3600,
  '1d': 86_400,
};

/** Length of a base bucket, the resolution of deltas. Every window is a multiple of it. */
export const BASE_SECONDS = 60;

/** Start of the bucket that contains an instant. Both in seconds since the epoch; buckets are aligned to UTC. */
export function bucketStart(epochSeconds: number, windowSeconds: number): number {
  return Math.floor(epochSeconds / windowSeconds) * windowSeconds;
}

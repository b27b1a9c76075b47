import { residentMb } from '../processes.js';

/** Resident memory of a process over time, in MiB. */
export interface Memory {
  readonly max: number;
  readonly p95: number;
  /** The highest of each minute. */
  readonly byMinute: readonly number[];
}

const EVERY_MS = 1000;
const PER_MINUTE = 60;

/** Samples a process each second until the returned function is called. */
export function sampleMemory(pid: number): () => Memory {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMb(pid)), EVERY_MS);
  return () => {
    clearInterval(timer);
    return memoryOf(samples);
  };
}

/** Pure. */
export function memoryOf(samples: readonly number[]): Memory {
  const minutes = Array.from({ length: Math.ceil(samples.length / PER_MINUTE) }, (_, minute) =>
    samples.slice(minute * PER_MINUTE, (minute + 1) * PER_MINUTE),
  );
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    max: sorted.at(-1) ?? 0,
    p95: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0,
    byMinute: minutes.map((minute) => Math.max(...minute)),
  };
}

/** An answer did not come in time. */
export class TimeoutError extends Error {}

/**
 * Waits no longer than this for an answer, whatever becomes of it.
 * @throws what the answer is rejected with, or TimeoutError
 */
export async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // An event loop that was held up comes to its timers first: the answer may have arrived meanwhile.
      setImmediate(() => reject(new TimeoutError(`no answer within ${timeoutMs} ms`)));
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** No answer came in time. */
export class TimeoutError extends Error {}

/**
 * Waits for an answer, but no longer than `timeoutMs`. What runs on after a timeout is not cancelled.
 * @throws TimeoutError, or what the answer rejects with
 */
export async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // A blocked event loop runs its timers before it reads the answer that has arrived meanwhile: read first.
      setImmediate(() => reject(new TimeoutError(`no answer within ${timeoutMs} ms`)));
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

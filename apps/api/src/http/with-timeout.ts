/** The result did not arrive in time. */
export class TimeoutError extends Error {}

/**
 * Waits for a result, but no longer than `timeoutMs`. The work is not cancelled by a timeout.
 * @throws TimeoutError, or the error of the work
 */
export async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // A blocked event loop runs timers before it reads a result that has arrived: let it read first.
      setImmediate(() => reject(new TimeoutError(`no answer within ${timeoutMs} ms`)));
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

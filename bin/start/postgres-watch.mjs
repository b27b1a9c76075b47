/**
 * Restarts the embedded server when it dies.
 * @param {Awaited<ReturnType<typeof import('../postgres/server.mjs').startPostgres>>} server
 * @param {(line: string) => void} announce
 * @returns {() => Promise<void>} stops watching
 */
export function watchPostgres(server, announce) {
  let restarting;
  const check = () => {
    if (restarting || server.isRunning()) return;
    announce('PostgreSQL died; restarting it.');
    restarting = server
      .restart()
      .catch((error) => announce(error.message))
      .finally(() => {
        restarting = undefined;
      });
  };
  const timer = setInterval(check, 1_000);
  return async () => {
    clearInterval(timer);
    await restarting;
  };
}

/**
 * Ends this process in order when the supervisor that started it is gone, so that killing `npm start`
 * leaves nothing behind. The supervisor holds the other end of the IPC channel.
 */
export function followSupervisor(): void {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

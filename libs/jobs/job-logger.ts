/** Where jobs and loops log; Nest's `Logger` is one. */
export interface JobLogger {
  log(message: string): void;
  warn(message: string): void;
}

import pg from 'pg';

/**
 * A PostgreSQL client that survives a lost connection between two statements; the next statement reports the fault.
 *
 * BullMQ holds clients of its pool without an error listener, so a connection lost just then ended the process.
 * `libs/database` does the same for its own pools; queues do not depend on it.
 */
export class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}

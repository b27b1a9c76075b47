/**
 * What to do about a failed statement, by the class of its SQLSTATE
 * (PostgreSQL documentation, appendix A).
 *
 * - transient: the server or the connection failed; retry later.
 * - conflict: a unique key already exists; check what is stored, then retry.
 * - poison: a value cannot be stored; find the bad events.
 * - expired: an event is of a day that is no longer kept; find those.
 * - bug: our own error; the queue retries, then keeps the batch for an operator.
 */
export type FailureKind = 'transient' | 'conflict' | 'poison' | 'expired' | 'bug';

const TRANSIENT_CLASSES = new Set(['08', '28', '40', '53', '55', '57', '58']);
const READ_ONLY_TRANSACTION = '25006';
const UNIQUE_VIOLATION = '23505';
/** Raised by `refuse_expired_events`. */
const EXPIRED_EVENTS = 'MR001';
const CONNECTION_ERRORS =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error/;

/** Classifies an error thrown by `pg`. Without a SQLSTATE it is a connection error or a bug. */
export function failureKind(error: unknown): FailureKind {
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
    if (code === UNIQUE_VIOLATION) return 'conflict';
    if (code === EXPIRED_EVENTS) return 'expired';
    if (TRANSIENT_CLASSES.has(code.slice(0, 2)) || code === READ_ONLY_TRANSACTION) return 'transient';
    if (code.startsWith('22') || code.startsWith('23')) return 'poison';
    return 'bug';
  }
  return CONNECTION_ERRORS.test(`${String(code)} ${String((error as Error).message)}`) ? 'transient' : 'bug';
}

import type { Pool } from 'pg';
import { retryTransient } from '#database';
import type { Clock, LoopContext } from '#jobs';
import type { Mailer } from '#mail';
import { type ClaimedMail, ClaimedMailsStore, type NotedState } from './claimed-mails.store.js';
import type { MailComposer } from './mail-composer.js';
import { isTooOld, nextAttempt } from './retry-pauses.js';
import { SERVER_FAULT } from './server-fault.js';

/** Mails that a worker sends at a time: a server that is slow with one does not hold up the others. */
const AT_ONCE = 5;
/** Milliseconds for which no other worker takes a mail. Longer than any sending that ends well: see `Mailer`. */
const CLAIM_MS = 30 * 60_000;
const MAX_ERROR_LENGTH = 500;
const NOT_MADE = 'The mail could not be made.';
const TOO_LATE = 'It could not be sent in time.';
const CANCELLED = 'The address is off the list, or the report is gone.';
const NEVER = new AbortController().signal;

/**
 * Sends the mails that are due. A mail is sent by one worker, and noted as soon as the server has it. Only a worker that dies
 * between the two leaves a mail that is sent again, with the same message id.
 */
export class ReportMails {
  private readonly store: ClaimedMailsStore;

  /**
   * @param mailer null: nothing is sent
   * @param domain of message ids
   */
  constructor(
    pool: Pool,
    private readonly mailer: Mailer | null,
    private readonly composer: MailComposer,
    private readonly domain: string,
  ) {
    this.store = new ClaimedMailsStore(pool);
  }

  /** Sends until none is due. Logs how many there were of each outcome, and each fault of the server once. */
  async send({ clock, logger, signal }: LoopContext): Promise<void> {
    const { mailer } = this;
    if (!mailer) return;
    const counts = new Map<NotedState['state'], number>();
    const faults = new Set<string>();
    const turn = async () => {
      while (!signal.aborted) {
        const now = clock.now();
        const mail = await this.store.claim(now, now + CLAIM_MS, this.domain);
        if (!mail) return;
        const noted = await this.attempt(mailer, mail, clock, (fault) => faults.add(fault));
        // The server has it or has refused it: the database must hear of it, however long that takes.
        await retryTransient(
          () => this.store.note(mail, noted, clock.now()),
          NEVER,
          (error) => logger.warn(error.message),
        );
        counts.set(noted.state, (counts.get(noted.state) ?? 0) + 1);
      }
    };
    const turns = await Promise.allSettled(Array.from({ length: AT_ONCE }, turn));
    for (const fault of faults) logger.warn(fault);
    if (counts.size > 0) logger.log([...counts].map(([state, mails]) => `${mails} ${state}`).join(', '));
    const failed = turns.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async attempt(
    mailer: Mailer,
    mail: ClaimedMail,
    clock: Clock,
    warn: (fault: string) => void,
  ): Promise<NotedState> {
    const plannedAt = mail.plannedAt.getTime();
    const later = (error: string): NotedState => {
      const next = nextAttempt(mail.attempts, plannedAt, clock.now());
      return next === null ? { state: 'given_up', error } : { state: 'waiting', nextAttempt: next, error };
    };
    if (isTooOld(plannedAt, clock.now())) return { state: 'given_up', error: mail.error ?? TOO_LATE };
    try {
      const subject = await this.store.subjectOf(mail);
      if (!subject) return { state: 'cancelled', error: CANCELLED };
      const outcome = await mailer.send(await this.composer.compose(mail, subject));
      if (outcome.status === 'accepted') return { state: 'sent', error: null };
      if (outcome.faultOf === 'server') {
        warn(outcome.reason);
        return later(SERVER_FAULT);
      }
      const error = storable(outcome.reason);
      return outcome.status === 'refused' ? { state: 'refused', error } : later(error);
    } catch (error) {
      warn((error as Error).message);
      return later(NOT_MADE);
    }
  }
}

/** What a server said, as PostgreSQL can store it. */
const storable = (reason: string) =>
  reason
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, MAX_ERROR_LENGTH)
    .toWellFormed();

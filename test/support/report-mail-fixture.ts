import pg from 'pg';
import { createPool, inTransaction } from '#database';
import type { LoopContext } from '#jobs';
import { Mailer } from '#mail';
import { type Report, ReportStore } from '#reports';
import { MailComposer } from '../../apps/worker/src/report-mails/mail-composer.js';
import { ReportMails } from '../../apps/worker/src/report-mails/report-mails.js';
import { planMails } from '../../apps/worker/src/reports/planned-mails.store.js';
import { ManualClock } from './manual-clock.js';
import { fullReport, unstored } from './sample-reports.js';
import { TestDatabase } from './test-database.js';

/** When mails are planned. */
export const PLANNED_AT = Date.parse('2026-11-23T00:10:00Z');
const PUBLIC_URL = 'https://millrace.example.com/';

/** A report of the week before. */
export const REPORT: Report = {
  ...unstored(fullReport('weekly', 45)),
  watermark: { events: 100_000, erasures: 0 },
};

/** A mail as it stands in the database. */
export interface MailRow {
  readonly id: string;
  readonly email: string;
  readonly state: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly next_attempt_at: Date | null;
  readonly message_id: string | null;
}

/** Reports with recipients, on a database of their own, and workers with a clock that the test moves. */
export class ReportMailFixture {
  readonly clock = new ManualClock(PLANNED_AT);
  /** What workers log. */
  readonly logged: string[] = [];
  private readonly pools: pg.Pool[] = [];
  /** One for all workers: drawing takes a second. */
  private readonly composer = new MailComposer(PUBLIC_URL);

  private constructor(
    readonly database: TestDatabase,
    readonly owner: pg.Client,
    readonly organizationId: string,
  ) {}

  static async create(): Promise<ReportMailFixture> {
    const database = await TestDatabase.create();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    return new ReportMailFixture(database, owner, (await database.createOrganization('Acme & Söhne')).id);
  }

  pool(): pg.Pool {
    const pool = createPool({ databaseUrl: this.database.url, role: 'worker', size: 6 });
    this.pools.push(pool);
    return pool;
  }

  /** One worker's part that sends mails. */
  mails(smtpUrl: string): ReportMails {
    return new ReportMails(
      this.pool(),
      new Mailer(smtpUrl, 'Millrace <m@example.com>'),
      this.composer,
      'example.com',
    );
  }

  context(): LoopContext {
    const keep = (line: string) => void this.logged.push(line);
    const logger = { log: keep, warn: keep, error: keep };
    return { clock: this.clock, logger, signal: new AbortController().signal };
  }

  async addRecipients(...emails: string[]): Promise<void> {
    await this.owner.query(
      `INSERT INTO report_recipients (organization_id, email, kinds, created_by)
       SELECT $1, email, '{weekly}', 'key:test' FROM unnest($2::text[]) AS email`,
      [this.organizationId, emails],
    );
  }

  /**
   * Stores a report, and writes down its mails.
   * @returns the number of mails
   */
  async plan(report: Report = REPORT): Promise<number> {
    const pool = createPool({ databaseUrl: this.database.url, role: 'worker', size: 1 });
    try {
      return await inTransaction(pool, async (client) => {
        const { id } = await new ReportStore(client, this.organizationId).save(report);
        const planned = { organizationId: this.organizationId, id, kind: report.kind };
        return planMails(client, planned, this.clock.now(), true);
      });
    } finally {
      await pool.end();
    }
  }

  /** All mails, by address. */
  async rows(): Promise<MailRow[]> {
    const { rows } = await this.owner.query<MailRow>('SELECT * FROM report_mails ORDER BY email, id');
    return rows;
  }

  /** Forgets reports, mails and recipients. */
  async clear(): Promise<void> {
    await this.owner.query('DELETE FROM report_mails; DELETE FROM report_recipients; DELETE FROM reports');
    this.logged.length = 0;
  }

  async end(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()));
    await this.owner.end();
    await this.database.drop();
  }
}

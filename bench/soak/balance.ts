import pg from 'pg';

/**
 * Checks that the ledger has every accepted event, and that what it says is stored is stored.
 * @param refused events answered with 503: when the disk holds the queue up, a worker may get some of them all the same
 *   (docs/decisions/026-withdraw-refused-jobs.md)
 * @throws Error with the figures when it does not
 */
export async function assertBalance(databaseUrl: string, accepted: number, refused: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<
    Readonly<Record<'received' | 'accounted' | 'stored' | 'events', number>>
  >(
    `SELECT sum(received)::float8 AS received, sum(stored + duplicate + dead_lettered)::float8 AS accounted,
            sum(stored)::float8 AS stored, (SELECT count(*) FROM event_rows)::float8 AS events FROM ledger`,
  );
  await client.end();
  const { received, accounted, stored, events } = rows[0]!;
  const isComplete = received >= accepted && received <= accepted + refused;
  if (!isComplete || accounted !== received || stored !== events) {
    throw new Error(
      `${accepted} events accepted, ${refused} refused, but the ledger and the events have ${JSON.stringify(rows[0])}`,
    );
  }
  console.log(
    `the ledger balances: ${accepted} events accepted, ${refused} refused, ${received} received, ${events} stored`,
  );
}

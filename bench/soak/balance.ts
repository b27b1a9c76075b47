import pg from 'pg';

/**
 * Checks that the ledger has every accepted event, and that what it says is stored is stored.
 * @throws Error with the figures when it does not
 */
export async function assertBalance(databaseUrl: string, accepted: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Readonly<Record<string, number>>>(
    `SELECT sum(received)::float8 AS received, sum(stored + duplicate + dead_lettered)::float8 AS accounted,
            sum(stored)::float8 AS stored, (SELECT count(*) FROM event_rows)::float8 AS events FROM ledger`,
  );
  await client.end();
  const { received, accounted, stored, events } = rows[0]!;
  if (received !== accepted || accounted !== accepted || stored !== events) {
    throw new Error(
      `${accepted} events accepted, but the ledger and the events have ${JSON.stringify(rows[0])}`,
    );
  }
  console.log(`the ledger balances: ${accepted} events received, ${events} stored`);
}

import type { ClientBase } from 'pg';
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams';

/** A value for a query that is copied. */
export type CopyValue = string | number | null | readonly string[];

const SETTING = 'millrace.copy';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What `COPY` sent. */
export interface CopiedRows {
  readonly bytes: Buffer;
  readonly rows: number;
}

/**
 * Runs `COPY (query) TO STDOUT`, which takes no parameters: numbers and UUIDs go into the statement, and text through a
 * setting of the transaction, so that none becomes SQL. Call it in a transaction. A statement before it must have touched
 * the tables of the query: `COPY` takes its snapshot before it locks them, and a partition that is truncated in between
 * would look empty.
 * @param options of COPY, such as `FORMAT csv`
 */
export async function copyOut(
  client: ClientBase,
  query: string,
  values: readonly CopyValue[],
  options: string,
): Promise<CopiedRows> {
  await client.query(`SELECT set_config('${SETTING}', $1, true)`, [JSON.stringify(values)]);
  const text = query.replace(/\$(\d+)/g, (_, number: string) =>
    sqlOf(values[Number(number) - 1], Number(number)),
  );
  const stream: CopyToStreamQuery = copyTo(`COPY (${text}) TO STDOUT (${options})`);
  const completed = completionOf(stream);
  client.query(stream);
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  await completed;
  return { bytes: Buffer.concat(pieces), rows: stream.rowCount };
}

/** The stream ends with the last row. Whether COPY succeeded, and the number of rows, may come in a later packet. */
function completionOf(stream: CopyToStreamQuery): Promise<void> {
  const completed = new Promise<void>((resolve, reject) => {
    Object.assign(stream, { handleReadyForQuery: resolve });
    stream.once('error', reject);
  });
  // An error in the middle reaches whoever reads the stream.
  completed.catch(() => {});
  return completed;
}

function sqlOf(value: CopyValue | undefined, number: number): string {
  const given = `current_setting('${SETTING}')::json`;
  if (value === undefined) throw new RangeError(`the query has no value $${number}`);
  if (value === null) return 'NULL';
  if (typeof value === 'number') return Number.isFinite(value) ? `(${value})` : `'NaN'`;
  if (typeof value !== 'string')
    return `(SELECT ARRAY(SELECT json_array_elements_text(${given} -> ${number - 1})))`;
  return UUID.test(value) ? `'${value}'` : `(SELECT ${given} ->> ${number - 1})`;
}

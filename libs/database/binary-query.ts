import pg from 'pg';

/** A parameter in PostgreSQL's binary format, as pieces of memory that need not be contiguous. */
export type BinaryParameter = readonly Buffer[];

export interface BinaryStatement {
  /** Name of the prepared statement; each connection prepares it once. */
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly BinaryParameter[];
}

/** Smaller pieces are joined: a write for each would cost more than the copy. */
const SMALL = 4096;

/**
 * Runs a statement with parameters of megabytes, writing the pieces to the socket uncopied. `pg` itself copies them
 * into a growing buffer, 1 kB of garbage per event.
 * @throws the server's error, as `pg` does
 */
export async function queryBinary(pool: pg.Pool, statement: BinaryStatement): Promise<void> {
  await pool.query(new BinaryQuery(statement) as unknown as pg.QueryConfig);
}

/** A method of `pg.Query` that its types leave out. */
interface PreparableQuery {
  prepare(connection: pg.Connection): void;
}

class BinaryQuery extends pg.Query {
  constructor(private readonly statement: BinaryStatement) {
    super({ name: statement.name, text: statement.text });
  }

  /** Replaces only the Bind message, which carries the parameters. */
  prepare(connection: pg.Connection): void {
    connection.bind = () => {
      for (const piece of bindMessage(this.statement)) connection.stream.write(piece);
    };
    try {
      (pg.Query.prototype as unknown as PreparableQuery).prepare.call(this, connection);
    } finally {
      delete (connection as Partial<pg.Connection>).bind;
    }
  }
}

/** A Bind message with all parameters in binary (PostgreSQL documentation, "Message Formats"). */
function bindMessage({ name, parameters }: BinaryStatement): Buffer[] {
  const pieces: Buffer[] = [];
  let small: Buffer[] = [];
  let length = 4;
  const flush = () => {
    if (small.length > 0) pieces.push(Buffer.concat(small));
    small = [];
  };
  const add = (piece: Buffer) => {
    length += piece.length;
    if (piece.length < SMALL) {
      small.push(piece);
    } else {
      flush();
      pieces.push(piece);
    }
  };
  // Unnamed portal, statement name, one format code for all parameters: binary.
  add(Buffer.concat([Buffer.from(`\0${name}\0`), int16(1), int16(1), int16(parameters.length)]));
  for (const parameter of parameters) {
    add(int32(parameter.reduce((sum, piece) => sum + piece.length, 0)));
    for (const piece of parameter) add(piece);
  }
  // No result format codes: text.
  add(int16(0));
  flush();
  return [Buffer.concat([Buffer.from('B'), int32(length)]), ...pieces];
}

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

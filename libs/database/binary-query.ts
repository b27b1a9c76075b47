import pg from 'pg';

/** A parameter in PostgreSQL's binary format, in pieces that need not stand side by side in memory. */
export type BinaryParameter = readonly Buffer[];

export interface BinaryStatement {
  /** Prepared under this name, once for each connection. */
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly BinaryParameter[];
}

/** Pieces under this size are joined: a call for each would cost more than the copy. */
const SMALL = 4096;

/**
 * Runs a statement whose parameters are megabytes. `pg` would copy them into a buffer that grows by half
 * again and again, 1 kB of garbage an event; here the pieces go to the socket as they are.
 * @throws the server's error, as `pg` does
 */
export async function queryBinary(pool: pg.Pool, statement: BinaryStatement): Promise<void> {
  await pool.query(new BinaryQuery(statement) as unknown as pg.QueryConfig);
}

/** What `pg` does between taking a query and sending it; its types leave this out. */
interface Preparing {
  prepare(connection: pg.Connection): void;
}

class BinaryQuery extends pg.Query {
  constructor(private readonly statement: BinaryStatement) {
    super({ name: statement.name, text: statement.text });
  }

  /** Everything as usual, but for the one message that carries the parameters. */
  prepare(connection: pg.Connection): void {
    connection.bind = () => {
      for (const piece of bindMessage(this.statement)) connection.stream.write(piece);
    };
    try {
      (pg.Query.prototype as unknown as Preparing).prepare.call(this, connection);
    } finally {
      delete (connection as Partial<pg.Connection>).bind;
    }
  }
}

/** Bind (PostgreSQL documentation, "Message Formats"), with all parameters in binary. */
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
  // The unnamed portal, the statement, one format for all parameters: binary.
  add(Buffer.concat([Buffer.from(`\0${name}\0`), int16(1), int16(1), int16(parameters.length)]));
  for (const parameter of parameters) {
    add(int32(parameter.reduce((sum, piece) => sum + piece.length, 0)));
    for (const piece of parameter) add(piece);
  }
  // No format given for results: text.
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

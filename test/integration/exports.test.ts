import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import * as sheets from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import type { CountableEvent } from '#batch';
import { createPool, inTenant } from '#database';
import {
  columnsNamed,
  EventChunks,
  type ExportFilter,
  type ExportFormat,
  exportFormats,
  formatNamed,
  piecesOf,
  type RunRead,
  startOf,
} from '#exports';
import { closeDay } from '#segments';
import { xlsxWithSheetsOf } from '../../libs/exports/formats/xlsx.format.js';
import { oddId } from '../support/odd-ids.js';
import { Random } from '../support/random.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const ALL: ExportFilter = { from: today - 5 * DAY_MS, to: today + DAY_MS };
const EVENTS = 1500;

/** Text that breaks careless writers. */
const TEXTS = [
  '=1+1',
  '+49 30 1234',
  '-5',
  '@SUM(A1)',
  '\tx',
  '\rx',
  "'=1",
  'a,b',
  'a "quoted" word',
  'two\nlines',
  'two\r\nlines',
  '',
  ' ',
  'null',
  '\\N',
  '\\.',
  '%s %%',
  '_x0041_',
  '<a href="x">&amp;</a>',
  ']]>',
  '\u0001\u001f\u007f',
  '日本 🦦',
  '\uffee',
  '9007199254740993',
  '{"a":1}',
  '0001',
  'a\ufeff',
  '\ufffe',
];
/** As a cell may not hold it: a surrogate pair lies where it is cut. */
const LONG = `${'x'.repeat(32_765)}🦦y`;

interface Row {
  readonly id: string;
  readonly ts: Date;
  readonly received_at: Date;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly src: string | null;
  readonly payload: string;
}

describe('exports', () => {
  const random = Random.announced();
  const directory = mkdtempSync(join(tmpdir(), 'millrace-exports-'));
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let api: pg.Pool;
  let organizationId: string;
  let stored: readonly Row[];

  const text = () => random.pick(TEXTS);
  const value = () =>
    random.pick([
      text(),
      text(),
      -5,
      0,
      1.5,
      1.5e-7,
      123_456_789_012_345,
      2 ** 53 - 1,
      true,
      false,
      null,
      { a: [text()] },
      [1, '2'],
    ]);
  const event = (n: number) => ({
    id: random.chance(0.2) ? `${random.pick(TEXTS)}${n}` : oddId(random),
    ts: new Date(
      random.pick([
        today - random.integer(1, 4) * DAY_MS,
        today + 1000,
        ALL.from + random.integer(0, 5.9 * DAY_MS),
      ]),
    ).toISOString(),
    type: random.pick(['page_view', 'button_click', 'error_occurred']),
    ...(random.chance(0.8) ? { user_id: text() || 'user' } : {}),
    ...(random.chance(0.6) ? { session_id: text() || 'session' } : {}),
    ...(random.chance(0.5) ? { src: text() || 'src' } : {}),
    payload: {},
  });
  /** Valid for its type, with any value in fields that the schema does not know. */
  const payloadOf = (type: string) => ({
    ...{
      page_view: { page: text() || '/' },
      button_click: { button_id: text() || 'b' },
      error_occurred: { error_type: text() || 'e' },
    }[type],
    v: value(),
    'odd name': text(),
    n: { deep: [value(), { x: value() }] },
  });

  const persist = async (events: readonly CountableEvent[]) =>
    worker.persist([batchOf(organizationId, events)]);
  const storedRows = async () => {
    const { rows } = await owner.query<Row>(
      `SELECT id, ts, received_at, type, user_id, session_id, src, payload::text AS payload FROM events
       WHERE organization_id = $1 ORDER BY ts, id`,
      [organizationId],
    );
    return rows;
  };

  const run: RunRead = (work) => inTenant(api, organizationId, work, { mode: 'READ ONLY' });

  /** Writes an export as another process would from any piece on, if `isResumed`. */
  async function write(
    format: ExportFormat,
    {
      filter = ALL,
      columns,
      isResumed = false,
      bom = false,
      end_line = false,
      events = random.integer(1, 300),
      between = async () => {},
    }: {
      readonly filter?: ExportFilter;
      readonly columns?: string;
      readonly isResumed?: boolean;
      readonly bom?: boolean;
      readonly end_line?: boolean;
      readonly events?: number;
      readonly between?: () => Promise<unknown>;
    } = {},
  ): Promise<Buffer> {
    const request = { columns: columnsNamed(columns?.split(',')), options: { bom, end_line } };
    const shape = { rendering: format.rendering, columns: request.columns };
    const limits = { events, bytes: random.pick([2000, 100_000]) };
    const chunksAfter = (start: readonly [number, string]) =>
      new EventChunks(run, organizationId, filter, shape, limits).after(start);
    const bytes: Buffer[] = [];
    let [start, written, file] = [startOf(filter.from), null as number | null, format.open(request)];
    for (;;) {
      let isEnded = false;
      for await (const piece of piecesOf(file, chunksAfter(start), start, written)) {
        bytes.push(piece.bytes);
        await between();
        if (piece.upTo === null) isEnded = true;
        else if (isResumed && random.chance(0.3)) {
          [start, written] = [piece.upTo, piece.events];
          break;
        }
      }
      if (isEnded) return Buffer.concat(bytes);
      file = format.open(request, JSON.parse(JSON.stringify(file.state)));
    }
  }

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 3 });
    worker = new TestWorker(database.url);
    organizationId = (await database.createOrganization('Exports')).id;
    const drafts = Array.from({ length: EVENTS }, (_, n) => event(n));
    const events = countable(drafts.map((draft) => ({ ...draft, payload: payloadOf(draft.type) })));
    await persist(events.slice(0, EVENTS - 200));
    for (const days of [4, 3, 2]) await closeDay(worker.pool, dayBefore(days));
    // Late rows beside the segments.
    await persist(events.slice(EVENTS - 200));
    stored = await storedRows();
  });
  afterAll(async () => {
    await Promise.all([worker?.end(), api?.end(), owner?.end()]);
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The library that reads sheets back turns CR LF into LF. */
  const withLineFeeds = (row: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(row).map(([name, given]) => [
        name,
        typeof given === 'string' ? given.replaceAll('\r\n', '\n') : given,
      ]),
    );
  const dayBefore = (days: number) => ({
    from: new Date(today - days * DAY_MS),
    to: new Date(today - (days - 1) * DAY_MS),
  });
  const harmless = (given: string | null) =>
    given !== null && /^[=+\-@\t\r]/.test(given) ? `'${given}` : given;
  const at = (payload: string, ...path: (string | number)[]) =>
    path.reduce((found: unknown, step) => (found as never)?.[step] ?? null, JSON.parse(payload));

  it.each([false, true])('in CSV have every event once, as RFC 4180 says; resumed: %s', async (isResumed) => {
    const bytes = await write(formatNamed('csv')!, { isResumed });
    const records = parse(bytes, {
      columns: true,
      record_delimiter: '\r\n',
      cast: (field, { quoting }) => (field === '' && !quoting ? null : field),
    });
    expect(records).toEqual(
      stored.map(({ ts, received_at, payload, ...texts }) => ({
        ...Object.fromEntries(Object.entries(texts).map(([name, given]) => [name, harmless(given)])),
        ...{ ts: ts.toISOString(), received_at: received_at.toISOString(), payload },
      })),
    );
  });

  it('in CSV have fields of the payload as columns, with numbers as numbers', async () => {
    const columns = 'id,payload.v,payload.n.deep.1.x,payload.odd name,payload.none';
    const bytes = await write(formatNamed('csv')!, { columns, bom: true, end_line: true });
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const records = parse(bytes, { bom: true, relax_column_count: true }) as string[][];
    expect(records[0]).toEqual(columns.split(','));
    expect(records.at(-1)).toEqual([`# complete: ${stored.length} events`]);
    const shown = (given: unknown) =>
      given === null ? '' : typeof given === 'string' ? harmless(given) : JSON.stringify(given);
    expect(records.slice(1, -1)).toEqual(
      stored.map(({ id, payload }) => [
        harmless(id),
        shown(at(payload, 'v')),
        shown(at(payload, 'n', 'deep', 1, 'x')),
        shown(at(payload, 'odd name')),
        '',
      ]),
    );
  });

  it.each([false, true])('in JSON and NDJSON have every event once; resumed: %s', async (isResumed) => {
    const expected = stored.map((row) => ({
      ...row,
      ts: row.ts.toISOString(),
      received_at: row.received_at.toISOString(),
      payload: JSON.parse(row.payload),
    }));
    const document = JSON.parse((await write(formatNamed('json')!, { isResumed })).toString());
    expect(document).toEqual({ data: expected, complete: true, events: expected.length });
    const lines = (await write(formatNamed('ndjson')!, { isResumed, end_line: true }))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([...expected, { complete: true, events: expected.length }]);
    const some = JSON.parse(
      (await write(formatNamed('json')!, { columns: 'type,payload.v,payload.%s' })).toString(),
    );
    expect(some.data).toEqual(
      stored.map(({ type, payload }) => ({ type, 'payload.v': at(payload, 'v'), 'payload.%s': null })),
    );
  });

  it.each([false, true])(
    'in XLSX are read back by another library, from several sheets; resumed: %s',
    async (isResumed) => {
      const bytes = await write(xlsxWithSheetsOf(400), {
        isResumed,
        columns: 'id,ts,received_at,type,user_id,payload,payload.v',
      });
      const book = sheets.read(bytes, { cellFormula: true, cellStyles: true, cellNF: true });
      expect(book.SheetNames).toEqual(
        Array.from({ length: Math.ceil(stored.length / 399) }, (_, i) =>
          i === 0 ? 'events' : `events ${i + 1}`,
        ),
      );
      const rows = book.SheetNames.flatMap((name) =>
        sheets.utils.sheet_to_json<Record<string, unknown>>(book.Sheets[name]!, { defval: null }),
      );
      const cellOf = (given: unknown) => {
        if (typeof given === 'number') return Math.abs(given) >= 1e15 ? String(given) : given;
        return given !== null && typeof given === 'object' ? JSON.stringify(given) : given;
      };
      expect(rows.length).toBe(stored.length);
      rows.forEach((row, i) => {
        const { id, ts, received_at, type, user_id, payload } = stored[i]!;
        const { 'ts (UTC)': shown, 'received_at (UTC)': received, ...others } = row;
        // The library rounds down.
        expect(Math.abs((shown as Date).getTime() - ts.getTime())).toBeLessThanOrEqual(1);
        expect(Math.abs((received as Date).getTime() - received_at.getTime())).toBeLessThanOrEqual(1);
        const expected = { id, type, user_id, payload, 'payload.v': cellOf(at(payload, 'v')) };
        expect(others).toEqual(withLineFeeds(expected));
      });
      const formulas = Object.values(book.Sheets).flatMap((sheet) =>
        Object.values(sheet).filter((one) => (one as { f?: string }).f !== undefined),
      );
      expect(formulas).toEqual([]);
    },
  );

  it.each([false, true])('in Parquet have equal sums in DuckDB; resumed: %s', async (isResumed) => {
    const path = join(directory, `events-${isResumed}.parquet`);
    writeFileSync(
      path,
      await write(formatNamed('parquet')!, {
        isResumed,
        columns: 'id,ts,received_at,type,user_id,session_id,src,payload,payload.v',
      }),
    );
    const duck = await (await DuckDBInstance.create()).connect();
    const reader = await duck.runAndReadAll(
      `SELECT *, epoch_ms(ts) AS ts_ms, epoch_ms(received_at) AS received_ms FROM '${path}'`,
    );
    const rows = reader.getRowObjects();
    const textOf = (given: unknown) =>
      given === null || typeof given === 'string' ? given : JSON.stringify(given);
    expect(
      rows.map(({ id, ts_ms, received_ms, type, user_id, session_id, src, payload, 'payload.v': v }) => [
        id,
        Number(ts_ms),
        Number(received_ms),
        type,
        user_id,
        session_id,
        src,
        payload,
        v,
      ]),
    ).toEqual(
      stored.map((row) => [
        row.id,
        row.ts.getTime(),
        row.received_at.getTime(),
        row.type,
        row.user_id,
        row.session_id,
        row.src,
        row.payload,
        textOf(at(row.payload, 'v')),
      ]),
    );
    const [sums] = (
      await duck.runAndReadAll(
        `SELECT count(*) AS n, sum(try_cast(payload ->> 'v' AS DOUBLE)) AS v FROM '${path}' WHERE json_type(payload, '$.v') IN ('DOUBLE', 'UBIGINT', 'BIGINT')`,
      )
    ).getRowObjects();
    const numbers = stored
      .map(({ payload }) => at(payload, 'v'))
      .filter((given) => typeof given === 'number') as number[];
    expect(Number(sums!.n)).toBe(numbers.length);
    expect(Number(sums!.v) / numbers.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  });

  it('have what the filter says, in every format', async () => {
    const some = stored.find(({ user_id, session_id }) => user_id && session_id)!;
    const filters: ExportFilter[] = [
      { ...ALL, type: some.type },
      { ...ALL, userId: some.user_id! },
      { ...ALL, sessionId: some.session_id! },
      { ...ALL, userId: some.user_id!, type: some.type },
      { ...ALL, userId: 'nobody' },
      { ...ALL, from: some.ts.getTime(), to: some.ts.getTime() + 1 },
      { from: today - 2.5 * DAY_MS, to: today - 0.5 * DAY_MS },
      { from: 0, to: 1 },
    ];
    for (const filter of filters) {
      const { from, to, type, userId, sessionId } = filter;
      const expected = stored.filter(
        (row) =>
          row.ts.getTime() >= from &&
          row.ts.getTime() < to &&
          (!type || row.type === type) &&
          (!userId || row.user_id === userId) &&
          (!sessionId || row.session_id === sessionId),
      );
      const bytes = await write(formatNamed('ndjson')!, { filter, columns: 'id' });
      const ids = bytes
        .toString()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).id);
      expect([filter, ids]).toEqual([filter, expected.map(({ id }) => id)]);
    }
  });

  it('have no events when there are none', async () => {
    const filter = { ...ALL, userId: 'nobody' };
    const empty = new Map<string, Buffer>();
    for (const format of exportFormats) empty.set(format.name, await write(format, { filter }));
    expect(parse(empty.get('csv')!)).toHaveLength(1);
    expect(JSON.parse(empty.get('json')!.toString())).toEqual({ data: [], complete: true, events: 0 });
    expect(empty.get('ndjson')!).toHaveLength(0);
    expect(
      sheets.utils.sheet_to_json(sheets.read(empty.get('xlsx')!).Sheets.events!, { header: 1 }),
    ).toHaveLength(1);
    const path = join(directory, 'empty.parquet');
    writeFileSync(path, empty.get('parquet')!);
    const duck = await (await DuckDBInstance.create()).connect();
    expect((await duck.runAndReadAll(`SELECT * FROM '${path}'`)).columnNames()).toHaveLength(8);
  });

  it('cut what a cell cannot hold, with a mark and not inside a character', async () => {
    const { id } = await database.createOrganization('Long');
    organizationId = id;
    await persist(countable([{ ...event(0), id: 'long', type: 'page_view', payload: { page: '/' } }]));
    // Longer than the API accepts.
    await owner.query(
      `UPDATE event_rows SET payload = json_build_object('v', $2::text) WHERE organization_id = $1`,
      [id, LONG],
    );
    const book = sheets.read(await write(formatNamed('xlsx')!, { columns: 'payload.v,payload' }));
    const [row] = sheets.utils.sheet_to_json<Record<string, string>>(book.Sheets.events!);
    expect(row!['payload.v']).toBe(`${'x'.repeat(32_765)}…`);
    expect(row!.payload).toHaveLength(32_767);
  });

  it('have every event once while days are closed between chunks', async () => {
    const { id } = await database.createOrganization('Closing');
    organizationId = id;
    const drafts = Array.from({ length: 600 }, (_, n) => ({
      ...event(n),
      id: `event-${n}`,
      ts: new Date(today - DAY_MS + (n % 300) * 1000).toISOString(),
    }));
    await persist(countable(drafts.map((draft) => ({ ...draft, payload: payloadOf(draft.type) }))));
    const before = (await storedRows()).map((row) => row.id);
    let pieces = 0;
    const bytes = await write(formatNamed('ndjson')!, {
      columns: 'id',
      events: 50,
      between: async () => {
        if (++pieces === 4) await closeDay(worker.pool, dayBefore(1));
      },
    });
    expect(pieces).toBeGreaterThan(5);
    expect(
      bytes
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(before);
    const { rows } = await owner.query(
      'SELECT count(*)::int AS n FROM event_rows WHERE organization_id = $1',
      [id],
    );
    expect(rows[0].n).toBe(0);
  });
});

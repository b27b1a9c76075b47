import { DailyMetricsFixture, lastDay, type ZonedOrganization } from '../support/daily-metrics-fixture.js';
import { expectedMetrics, storedMetrics } from '../support/daily-metrics-oracle.js';
import { Random } from '../support/random.js';
import type { PostedEvent } from '../support/random-events.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** More than 30 days; in Berlin, 25 October has 25 hours. */
const FIRST = Date.parse('2026-09-22T00:00:00Z');
const NOW = Date.parse('2026-10-27T20:05:00Z');
const PARTITIONS = ['2026-09-20', '2026-11-02'] as const;
const RECENT_DAYS = 3;
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Asia/Kathmandu', 'Pacific/Auckland'];
const USERS = ['ada', 'grace', 'łukasz', '𝒳', ...Array.from({ length: 30 }, (_, i) => `user-${i}`)];
const DEVICES = ['phone', 'tablet', '\uffee', '𝒳', undefined];
const BATCH = 300;

const dateOf = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

describe('daily metrics', () => {
  const random = Random.announced();
  const organizations: ZonedOrganization[] = [];
  let fixture: DailyMetricsFixture;
  let events = 0;

  beforeAll(async () => {
    fixture = await DailyMetricsFixture.create(...PARTITIONS);
    for (const zone of ZONES) organizations.push(await fixture.organization(zone));
  });
  afterAll(() => fixture?.drop());

  /** Often near a midnight of some zone. */
  function instant(from: number, to: number): number {
    const ts = random.integer(from, to - 1);
    const near = Math.floor(ts / (DAY_MS / 96)) * (DAY_MS / 96) - random.pick([0, 0, 1]);
    return random.chance(0.5) || near < from ? ts : near;
  }

  /** Half of the events are those of guests, who come once or twice: without them, a day more or less would not show. */
  const userId = () => (random.chance(0.5) ? random.pick(USERS) : `guest-${random.integer(0, 500)}`);

  function payloadOf(): Pick<PostedEvent, 'type' | 'payload'> {
    const device = random.pick(DEVICES);
    const withDevice = device === undefined ? {} : { device_type: device };
    const status = random.pick(['success', 'success', 'error', 'timeout', 'cancelled']);
    const timed = { execution_time_ms: random.integer(0, 9999), status };
    const agent = { agent_name: random.pick(['a', 'b']), interaction_type: 'chat' };
    const tokens = { input_tokens: random.integer(0, 9999), output_tokens: random.integer(0, 99) };
    const [type, payload] = random.pick<[string, PostedEvent['payload']]>([
      ['page_view', { page: '/' }],
      ['error_occurred', { error_type: 'TypeError' }],
      ['command_execution', { command_name: random.pick(['plan', 'apply']), ...timed }],
      ['agent_interaction', { ...agent, ...timed, ...(random.chance(0.8) ? tokens : {}) }],
      ['voice_metric', { talked_time: random.integer(0, 100), ...withDevice }],
      ['session_start', withDevice],
      ['session_end', withDevice],
    ]);
    return { type, payload };
  }

  /** @param mayGoOn whether its session may have begun on the day before */
  function event(from: number, to: number, mayGoOn: boolean): PostedEvent {
    const ts = instant(from, to);
    const begun = Math.floor(ts / DAY_MS) - (mayGoOn && random.chance(0.1) ? 1 : 0);
    return {
      id: `event-${events++}`,
      ts: new Date(ts).toISOString(),
      ...payloadOf(),
      ...(random.chance(0.85) ? { user_id: userId() } : {}),
      ...(random.chance(0.6) ? { session_id: `session-${begun}-${random.integer(0, 5)}` } : {}),
    };
  }

  const store = (id: string, from: number, to: number, count: number, mayGoOn = true) =>
    fixture.store(
      id,
      Array.from({ length: count }, () => event(from, to, mayGoOn)),
      NOW,
    );

  async function expectAll(now: number): Promise<void> {
    for (const { id, timeZone } of organizations) {
      const expected = await expectedMetrics(fixture.owner, id, timeZone, lastDay(now, timeZone));
      const stored = await storedMetrics(fixture.owner, id);
      expect(stored.size).toBeGreaterThan(0);
      expect([timeZone, Object.fromEntries(stored)]).toEqual([timeZone, Object.fromEntries(expected)]);
    }
  }

  const computedAt = () => Promise.all(organizations.map(({ id }) => fixture.computedAt(id)));

  it('are those of the raw events, from deltas alone', async () => {
    for (const { id } of organizations) await store(id, FIRST, NOW, BATCH);
    await fixture.run(NOW);
    await expectAll(NOW);
  });

  it('stay as they are when nothing has arrived, compacted or not', async () => {
    const before = await computedAt();
    expect(await fixture.run(NOW)).toEqual({ organizations: 0, days: 0 });
    await fixture.worker.compact();
    expect(await fixture.run(NOW + HOUR_MS)).toEqual({ organizations: 0, days: 0 });
    expect(await computedAt()).toEqual(before);
    await expectAll(NOW);
  });

  it('change with late events on exactly the days they belong to', async () => {
    for (let round = 0; round < 4; round++) {
      const before = await computedAt();
      const firstLate: (number | null)[] = organizations.map(({ timeZone }) =>
        random.chance(0.3)
          ? null
          : Date.parse(lastDay(NOW, timeZone)) - random.integer(0, RECENT_DAYS - 1) * DAY_MS,
      );
      for (const [i, day] of firstLate.entries()) {
        // These hours are on the same date in all of the zones.
        const hours = [day! + 3 * HOUR_MS, day! + 5 * HOUR_MS] as const;
        if (day !== null) await store(organizations[i]!.id, ...hours, random.integer(1, 5), false);
      }
      if (random.chance(0.5)) await fixture.worker.compact();
      await fixture.run(NOW);
      await expectAll(NOW);
      for (const [i, after] of (await computedAt()).entries()) {
        const changed = Object.keys(after).filter((day) => after[day] !== before[i]![day]);
        const first = firstLate[i]!;
        // The users of a week and of a month change on the days after it, too.
        const expected = first === null ? [] : Object.keys(after).filter((day) => day >= dateOf(first));
        expect([organizations[i]!.timeZone, changed]).toEqual([organizations[i]!.timeZone, expected]);
      }
    }
  });

  it('have another day when one has ended', async () => {
    for (const { id } of organizations) await store(id, NOW - HOUR_MS, NOW + 22 * HOUR_MS, BATCH / 10);
    expect((await fixture.run(NOW + DAY_MS)).organizations).toBe(organizations.length);
    await expectAll(NOW + DAY_MS);
  });
});

describe('daily metrics of an organization', () => {
  const DAYS = ['2026-10-22', '2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26'];
  const RECENT = DAYS.slice(-RECENT_DAYS);
  let fixture: DailyMetricsFixture;

  beforeEach(async () => {
    fixture = await DailyMetricsFixture.create(...PARTITIONS);
  });
  afterEach(() => fixture?.drop());

  /** @returns values by date, dimension value (empty for the total) */
  async function valuesOf(organizationId: string, name: string) {
    const { rows } = await fixture.owner.query<{ day: string; dimensions: object; value: number }>(
      `SELECT day::text AS day, dimensions, value FROM daily_metrics WHERE organization_id = $1 AND name = $2
       ORDER BY day, dimensions`,
      [organizationId, name],
    );
    return rows.map(({ day, dimensions, value }) => [day, ...Object.values(dimensions), value] as unknown[]);
  }

  const command = (day: string, n: number, more: object): PostedEvent => ({
    ...{ id: `${day}-${n}`, ts: `${day}T12:00:00.000Z`, type: 'command_execution' },
    payload: { command_name: 'plan', execution_time_ms: 0, status: 'success', ...more },
  });

  async function define(organizationId: string, name: string, definition: object): Promise<void> {
    await fixture.owner.query(
      `INSERT INTO daily_metric_definitions (organization_id, name, definition) VALUES ($1, $2, $3)
       ON CONFLICT (organization_id, name) DO UPDATE SET definition = EXCLUDED.definition`,
      [organizationId, name, definition],
    );
  }

  it('include its own, from the last three days on', async () => {
    const { id } = await fixture.organization('UTC');
    const events = DAYS.flatMap((day, i) => [
      command(day, 0, { execution_time_ms: 10 + i }),
      command(day, 1, { execution_time_ms: 30 + i, command_name: 'apply' }),
      command(day, 2, { execution_time_ms: 999, status: 'error' }),
    ]);
    await fixture.store(id, events, NOW);
    await fixture.run(NOW);
    expect(await valuesOf(id, 'slow')).toEqual([]);
    const slow = { type: 'command_execution', measure: 'execution_time_ms', stat: 'avg' };
    const where = { status: 'success' };
    await define(id, 'slow', { ...slow, where, group_by: ['command_name'] });
    await define(id, 'views', { type: 'page_view', measure: null, stat: 'count', where: {}, group_by: [] });
    await define(id, 'longest', {
      ...{ type: 'video_play', measure: 'position_s', stat: 'max', where: {}, group_by: [] },
    });
    expect(await fixture.run(NOW)).toEqual({ organizations: 1, days: RECENT_DAYS });
    expect(await valuesOf(id, 'slow')).toEqual(
      RECENT.flatMap((day, i) => [
        [day, 22 + i],
        [day, 'apply', 32 + i],
        [day, 'plan', 12 + i],
      ]),
    );
    expect(await valuesOf(id, 'views')).toEqual(RECENT.map((day) => [day, 0]));
    expect(await valuesOf(id, 'longest')).toEqual([]);
    await define(id, 'slow', { ...slow, where, stat: 'max', group_by: [] });
    await fixture.run(NOW);
    expect(await valuesOf(id, 'slow')).toEqual(RECENT.map((day, i) => [day, 32 + i]));
    expect(await fixture.run(NOW)).toEqual({ organizations: 0, days: 0 });
  });

  it('have the 100 values of a dimension with the most, and the rest', async () => {
    const { id } = await fixture.organization('UTC');
    const day = '2026-10-26';
    const events = Array.from({ length: 130 }, (_, n): PostedEvent => {
      const agent = { agent_name: `agent-${n}`, interaction_type: 'chat', input_tokens: n };
      const payload = { ...agent, execution_time_ms: 1, status: 'success' };
      return { id: `${n}`, ts: `${day}T12:00:00.000Z`, type: 'agent_interaction', payload };
    });
    const sessions = events.flatMap(({ ts }, n) =>
      Array.from({ length: n < 110 ? 1 : 2 }, (_, k): PostedEvent => {
        const names = { id: `s-${n}-${k}`, session_id: `s-${n}-${k}` };
        return { ...names, ts, type: 'session_start', payload: { device_type: `device-${n}` } };
      }),
    );
    await fixture.store(id, [...events, ...sessions], NOW);
    await fixture.run(NOW);
    const tokens = await valuesOf(id, 'input_tokens');
    const best = Array.from({ length: 100 }, (_, i) => [day, `agent-${i + 30}`, i + 30]);
    const rest = [day, '__rest__', (29 * 30) / 2];
    const total = [day, (129 * 130) / 2];
    expect(tokens).toHaveLength(102);
    expect(tokens).toEqual(expect.arrayContaining([...best, rest, total]));
    const devices = await valuesOf(id, 'sessions');
    expect(devices).toHaveLength(102);
    const twice = Array.from({ length: 20 }, (_, i) => [day, `device-${110 + i}`, 2]);
    expect(devices).toEqual(expect.arrayContaining([...twice, [day, '__rest__', 30], [day, 150]]));
  });

  it('follow a change of the time zone for the last three days', async () => {
    const { id } = await fixture.organization('UTC');
    const events = DAYS.flatMap((day) =>
      Array.from({ length: 24 }, (_, hour) => ({
        ...command(day, hour, {}),
        ...{ ts: `${day}T${String(hour).padStart(2, '0')}:30:00.000Z`, user_id: `${hour}` },
      })),
    );
    await fixture.store(id, events, NOW);
    await fixture.run(NOW);
    const before = await storedMetrics(fixture.owner, id);
    await fixture.setTimeZone(id, 'America/St_Johns');
    await fixture.run(NOW);
    const [after, expected] = [
      await storedMetrics(fixture.owner, id),
      await expectedMetrics(fixture.owner, id, 'America/St_Johns', DAYS.at(-1)!),
    ];
    const from = (metrics: Map<string, number>, isRecent: boolean) =>
      Object.fromEntries([...metrics].filter(([key]) => RECENT.includes(key.slice(0, 10)) === isRecent));
    expect(from(after, true)).toEqual(from(expected, true));
    expect(from(after, true)).not.toEqual(from(before, true));
    const older = from(after, false);
    for (const [key, value] of Object.entries(from(before, false)))
      expect([key, older[key]]).toEqual([key, value]);
  });

  it('are whole days, also when a run breaks off, and do not keep others waiting', async () => {
    const [broken, sound] = [await fixture.organization('UTC'), await fixture.organization('Europe/Berlin')];
    const events = DAYS.map((day) => command(day, 0, {}));
    for (const { id } of [broken, sound]) await fixture.store(id, events, NOW);
    await fixture.owner.query(`
      CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
      CREATE TRIGGER break_off BEFORE INSERT ON daily_metrics FOR EACH ROW
        WHEN (NEW.organization_id = '${broken.id}' AND NEW.day = '2026-10-24' AND NEW.name = 'output_tokens')
        EXECUTE FUNCTION break_off()`);
    await expect(fixture.run(NOW)).rejects.toThrow('broken');
    expect(await storedMetrics(fixture.owner, broken.id)).toEqual(new Map());
    expect(Object.keys(await fixture.computedAt(sound.id))).toEqual(DAYS);
    await fixture.owner.query('DROP TRIGGER break_off ON daily_metrics');
    expect(await fixture.run(NOW)).toEqual({ organizations: 1, days: DAYS.length });
    for (const { id, timeZone } of [broken, sound]) {
      const expected = await expectedMetrics(fixture.owner, id, timeZone, DAYS.at(-1)!);
      expect(await storedMetrics(fixture.owner, id)).toEqual(expected);
    }
  });

  it('are the same when several workers compute them at a time', async () => {
    const own = [await fixture.organization('UTC'), await fixture.organization('Asia/Kathmandu')];
    const events = DAYS.map((day) => command(day, 0, { execution_time_ms: 7 }));
    for (const { id } of own) await fixture.store(id, events, NOW);
    await Promise.all([fixture.run(NOW), fixture.run(NOW), fixture.run(NOW)]);
    await fixture.run(NOW);
    for (const { id, timeZone } of own) {
      const expected = await expectedMetrics(fixture.owner, id, timeZone, lastDay(NOW, timeZone));
      expect(await storedMetrics(fixture.owner, id)).toEqual(expected);
    }
    expect(await fixture.run(NOW)).toEqual({ organizations: 0, days: 0 });
  });

  it('begin on the day on which it was made, when it has no events', async () => {
    const { id } = await fixture.organization('UTC');
    await fixture.run(Date.now() + 2 * DAY_MS);
    const today = dateOf(Date.now());
    const days = Object.keys(await fixture.computedAt(id));
    expect([days.length >= 2, days[0]! >= dateOf(Date.now() - DAY_MS), days[0]! <= today]).toEqual([
      ...[true, true, true],
    ]);
    expect((await valuesOf(id, 'events')).map(([, value]) => value)).toEqual(days.map(() => 0));
  });
});

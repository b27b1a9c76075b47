import { HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const PERSON = 'ada.lovelace@example.org';
const UUID = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
const PSEUDONYM = /^anon_[0-9a-f]{32}$/;

/** One event of each dialect that names a user. */
const REQUESTS: readonly (readonly [string, unknown])[] = [
  ['/v1/events', { type: 'page_view', user_id: PERSON, payload: { page: '/' } }],
  ['/v1/events', [{ type: 'page_view', user_id: PERSON, payload: { page: '/' } }]],
  [
    '/api/metrics/commands',
    { user_id: UUID, command_name: 'plan', execution_time_ms: 1, status: 'success', context: {} },
  ],
  [
    '/api/analytics/ingest',
    { ts: new Date().toISOString(), user_id: PERSON, type: 'page_view', src: 'web', payload: { page: '/' } },
  ],
  [
    '/api/user-metrics',
    {
      ...{ user_id: PERSON, session_id: 's', talked_time: 1, microphone_used: true, speaker_used: true },
      ...{ voice_sentiment: 'neutral', device_type: 'phone', timestamp: new Date().toISOString() },
    },
  ],
];

describe('an organization that anonymizes', () => {
  let running: RunningApi;
  let discreet: Caller;
  let open: Caller;

  beforeAll(async () => {
    running = await startApi({ workers: 0 });
    open = running.caller;
    discreet = await running.createCaller();
    await running.database.query(
      `UPDATE organizations SET settings = '{"anonymize_user_ids": true}' WHERE id = $1`,
      [discreet.organizationId],
    );
    for (const { ingestKey } of [open, discreet]) {
      const client = new HttpClient(running.url, ingestKey);
      for (const [path, body] of REQUESTS) {
        const { status, text } = await client.post(body, { path });
        expect([path, status < 300, text]).toEqual([path, true, expect.any(String)]);
      }
    }
  });
  afterAll(() => running?.stop());

  /** What the organization's waiting jobs hold, binary parts included. */
  async function queued({ organizationId }: Caller): Promise<string> {
    const { rows } = await running.database.query<{ text: string }>(
      'SELECT to_jsonb(job)::text AS text FROM bullmq.job WHERE to_jsonb(job)::text LIKE $1',
      [`%${organizationId}%`],
    );
    expect(rows.length).toBeGreaterThan(0);
    const texts = rows.map(({ text }) => text);
    const decoded = texts.flatMap((text) =>
      (text.match(/[\w+/]{16,}={0,2}/g) ?? []).map((part) => Buffer.from(part, 'base64').toString('latin1')),
    );
    return [...texts, ...decoded].join('\n');
  }

  it('pseudonymizes every event sent after the setting is turned on', async () => {
    const caller = await running.createCaller();
    const client = new HttpClient(running.url, caller.ingestKey);
    const event = { type: 'page_view', user_id: PERSON, payload: { page: '/' } };
    expect((await client.post(event)).status).toBe(202);
    const path = `/v1/organizations/${caller.organizationId}`;
    const body = Buffer.from(JSON.stringify({ settings: { anonymize_user_ids: true } }));
    const headers = { 'content-type': 'application/json' };
    expect((await client.send({ method: 'PATCH', path, headers, key: caller.adminKey }, body)).status).toBe(
      200,
    );
    expect((await client.post({ ...event, ts: new Date().toISOString() })).status).toBe(202);
    const { rows } = await running.database.query<{ batches: number }>(
      `SELECT count(*)::int AS batches FROM bullmq.job WHERE to_jsonb(job)::text LIKE $1`,
      [`%${caller.organizationId}%`],
    );
    expect(rows[0]!.batches).toBe(2);
    const plain = (await queued(caller)).split(PERSON).length - 1;
    expect(plain).toBe(1);
  });

  it('keeps user ids out of the queue, tables and logs, but still finds events by them', async () => {
    // The same search finds them in an organization that does not anonymize, so the search works.
    expect(await queued(open)).toContain(PERSON);
    const waiting = await queued(discreet);
    expect([waiting.includes(PERSON), waiting.includes(UUID)]).toEqual([false, false]);

    const worker = await running.startWorker();
    const stored = await running.untilStored(discreet.organizationId, REQUESTS.length);
    const ids = new Set(stored.map(({ user_id }) => user_id));
    expect([...ids]).toEqual([expect.stringMatching(PSEUDONYM), expect.stringMatching(PSEUDONYM)]);
    const known = await running.untilStored(open.organizationId, REQUESTS.length);
    expect(new Set(known.map(({ user_id }) => user_id))).toEqual(new Set([PERSON, UUID]));

    const client = new HttpClient(running.url, discreet.readKey);
    const found = async (userId: string) => {
      const { text } = await client.send({ path: `/v1/events?user_id=${encodeURIComponent(userId)}` });
      return (JSON.parse(text) as { data: { user_id: string }[] }).data.map(({ user_id }) => user_id);
    };
    const [own] = await found(PERSON);
    expect(await found(PERSON)).toEqual(Array(4).fill(own));
    expect(await found(own!)).toEqual(Array(4).fill(own));
    const counts = await client.send({
      path: `/v1/aggregates?type=page_view&window=1d&user_id=${encodeURIComponent(PERSON)}`,
    });
    expect(counts.text).toContain('"count":3');
    expect(running.api.output + worker.output).not.toMatch(new RegExp(`${PERSON}|${UUID}`));
  });
});

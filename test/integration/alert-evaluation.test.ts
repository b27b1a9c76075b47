import { Logger } from '@nestjs/common';
import type { Condition } from '#alerts';
import { NO_ORGANIZATION } from '#identity';
import { AlertsFixture, MINUTE_MS } from '../support/alerts-fixture.js';

const manyViews: Condition = {
  ...{ kind: 'threshold', type: 'page_view', measure: null, stat: 'count', where: {} },
  ...{ window: '1m', comparison: '>', threshold: 2 },
};
const slowViews: Condition = { ...manyViews, measure: 'duration_ms', stat: 'avg', threshold: 100 };

describe('the evaluation of alert rules', () => {
  let fixture: AlertsFixture;
  let organizationId: string;
  /** What was told since it was last asked. */
  let told: number;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    fixture = await AlertsFixture.create();
  });
  afterAll(() => fixture?.end());

  beforeEach(async () => {
    await fixture.owner.query('UPDATE alert_rules SET enabled = false');
    organizationId = await fixture.organization();
    await fixture.channel(organizationId, 'hook', 'webhook', 'http://127.0.0.1/');
    told = 0;
  });

  const news = async () => {
    const all = await fixture.notifications(organizationId);
    const fresh = all.slice(told).map(({ event, rule }) => `${event} ${rule}`);
    told = all.length;
    return fresh;
  };
  /** The news after each minute, with as many views in it. */
  const minutes = async (...views: number[]) => {
    const result: string[][] = [];
    for (const count of views) {
      await fixture.clock.advance(MINUTE_MS);
      if (count > 0) await fixture.views(organizationId, Array(count).fill(10));
      await fixture.evaluate();
      result.push(await news());
    }
    return result;
  };

  it('fires once, repeats at intervals, and resolves once', async () => {
    await fixture.rule(organizationId, 'many', manyViews, { forSeconds: 60, repeatSeconds: 120 });
    expect(await minutes(3, 2, 3, 3, 4, 3, 0, 0)).toEqual([
      ...[[], [], [], ['firing many'], [], ['repeated many'], ['resolved many'], []],
    ]);
    const alerts = await fixture.alerts(organizationId);
    expect(alerts).toMatchObject([{ name: 'many', state: 'resolved', value: 0 }]);
    const { rows } = await fixture.owner.query(
      `SELECT value, error FROM alert_rules WHERE organization_id = $1 AND evaluated_at = $2`,
      [organizationId, new Date(fixture.clock.now())],
    );
    expect(rows).toEqual([{ value: 0, error: null }]);
  });

  it('is silent until a silence ends, which outlasts its alert', async () => {
    await fixture.rule(organizationId, 'many', manyViews, { repeatSeconds: 60 });
    expect(await minutes(3)).toEqual([['firing many']]);
    await fixture.owner.query('UPDATE alerts SET silenced_until = $2 WHERE organization_id = $1', [
      ...[organizationId, new Date(fixture.clock.now() + 4 * MINUTE_MS)],
    ]);
    expect(await minutes(3, 0, 3, 3, 3)).toEqual([
      [],
      ['resolved many'],
      [],
      ['firing many'],
      ['repeated many'],
    ]);
  });

  it('compares no value with nothing: an average without events neither fires nor goes on', async () => {
    await fixture.rule(organizationId, 'slow', slowViews);
    await fixture.rule(organizationId, 'fast', { ...slowViews, comparison: '<' });
    await fixture.rule(organizationId, 'few', { ...manyViews, comparison: '<', threshold: 1 });
    await fixture.clock.advance(MINUTE_MS);
    await fixture.views(organizationId, [200, 100]);
    await fixture.evaluate();
    expect(await news()).toEqual(['firing slow']);
    expect((await minutes(0))[0]!.sort()).toEqual(['firing few', 'resolved slow']);
  });

  it('knows how long nothing came: of all events, of a type, and with filters', async () => {
    const silence = { kind: 'no_events', type: null, where: {}, minutes: 2 };
    await fixture.views(organizationId, [1]);
    await fixture.rule(organizationId, 'all', silence);
    await fixture.rule(organizationId, 'type', { ...silence, type: 'button_click', minutes: 3 });
    await fixture.rule(organizationId, 'filter', { ...silence, type: 'page_view', where: { page: '/b' } });
    expect(await minutes(1, 1, 0, 0, 1)).toEqual(
      [
        // Nothing like this has ever come.
        ['firing filter', 'firing type'],
        ...[[], [], ['firing all'], ['resolved all']],
      ].map((list) => expect.arrayContaining(list)),
    );
    await fixture.clock.advance(MINUTE_MS);
    await fixture.views(organizationId, [1], '/b');
    await fixture.evaluate();
    expect(await news()).toEqual(['resolved filter']);
  });

  it('shows a rule that cannot be evaluated, goes on with the others, and changes nothing of its alert', async () => {
    const id = await fixture.rule(organizationId, 'broken', manyViews);
    await fixture.rule(organizationId, 'sound', manyViews);
    expect((await minutes(3))[0]!.sort()).toEqual(['firing broken', 'firing sound']);
    await fixture.owner.query(
      `UPDATE alert_rules SET condition = condition || '{"window": "1y"}' WHERE id = $1`,
      [id],
    );
    expect(await minutes(0)).toEqual([['resolved sound']]);
    const { rows } = await fixture.owner.query(
      'SELECT name, value, error FROM alert_rules WHERE organization_id = $1 ORDER BY name',
      [organizationId],
    );
    expect(rows).toEqual([
      { name: 'broken', value: null, error: expect.stringMatching(/^The rule could not be evaluated/) },
      { name: 'sound', value: 0, error: null },
    ]);
    expect((await fixture.alerts(organizationId)).map(({ state }) => state).sort()).toEqual([
      'firing',
      'resolved',
    ]);
  });

  it('ends the alert of a rule that is deleted or switched off', async () => {
    const id = await fixture.rule(organizationId, 'deleted', manyViews);
    await fixture.rule(organizationId, 'off', manyViews);
    expect((await minutes(3))[0]).toHaveLength(2);
    await fixture.owner.query('DELETE FROM alert_rules WHERE id = $1', [id]);
    await fixture.owner.query(`UPDATE alert_rules SET enabled = false WHERE name = 'off'`);
    expect((await minutes(3))[0]!.sort()).toEqual(['resolved deleted', 'resolved off']);
    expect((await fixture.alerts(organizationId))[0]!.summary).toBe('The rule was deleted or switched off.');
  });

  it('tells through the channels that the rule names', async () => {
    await fixture.channel(organizationId, 'other', 'webhook', 'http://127.0.0.1/');
    await fixture.rule(organizationId, 'all', manyViews);
    await fixture.rule(organizationId, 'one', manyViews, { channels: ['other', 'gone'] });
    await minutes(3);
    const sent = (await fixture.notifications(organizationId)).map(
      ({ channel, rule }) => `${rule} ${channel}`,
    );
    expect(sent.sort()).toEqual(['all hook', 'all other', 'one other']);
  });

  it('is left out when it comes too late, and older than the last one changes nothing', async () => {
    await fixture.rule(organizationId, 'many', manyViews);
    await minutes(3);
    const run = (at: number) => fixture.runner().run('alerts', { slot: at, payload: undefined });
    expect(await run(fixture.clock.now() - MINUTE_MS - 1)).toEqual({ skipped: 1 });
    await run(fixture.clock.now() - 30_000);
    expect((await fixture.alerts(organizationId)).map(({ state }) => state)).toEqual(['firing']);
    expect(await news()).toEqual([]);
  });

  it('fires a built-in rule when its check fails, and resolves it after', async () => {
    await fixture.channel(NO_ORGANIZATION, 'operator', 'webhook', 'http://127.0.0.1/');
    const checked = (status: string) =>
      fixture.owner.query(
        `INSERT INTO health_checks (slot, every_seconds, status, checks) VALUES (clock_timestamp(), 300, $1, $2)`,
        [
          status,
          JSON.stringify([{ name: 'workers', status, summary: 'No worker.', figures: {}, duration_ms: 1 }]),
        ],
      );
    await checked('ok');
    await minutes(0);
    expect(await fixture.notifications(NO_ORGANIZATION)).toEqual([]);
    await checked('fail');
    await minutes(0, 0);
    expect(await fixture.alerts(NO_ORGANIZATION)).toMatchObject([
      { name: 'worker-lost', state: 'firing', summary: 'No worker.' },
    ]);
    await checked('ok');
    await minutes(0, 0);
    expect(
      (await fixture.notifications(NO_ORGANIZATION)).map(({ event, rule }) => `${event} ${rule}`),
    ).toEqual(['firing worker-lost', 'resolved worker-lost']);
    expect(await news()).toEqual([]);
  });
});

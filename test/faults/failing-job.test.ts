import { eventually } from '../support/eventually.js';
import { expectNoDifference } from '../support/judge.js';
import { BACKENDS, Pipeline } from '../support/pipeline.js';
import type { TestOrganization } from '../support/test-database.js';

const EVENTS = 40;

describe('a job that always fails', () => {
  it.concurrent.each(BACKENDS)('is kept, and other organizations in it lose nothing, on %s', (backend) =>
    Pipeline.with(backend, async (pipeline) => {
      const innocent = await pipeline.database.createOrganization('Innocent');
      const guilty = pipeline.organization;
      // A bug, with an error code that blames neither the data nor the server.
      await pipeline.owner.query(
        `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a bug' USING ERRCODE = 'XX000'; END $$;
         CREATE TRIGGER fail BEFORE INSERT ON ledger FOR EACH ROW
           WHEN (NEW.organization_id = '${guilty.id}') EXECUTE FUNCTION fail()`,
      );
      const api = await pipeline.startApi();
      const post = async ({ apiKey }: TestOrganization) => {
        const body = JSON.stringify({ type: 'page_view', payload: { page: '/' } });
        const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
        const { status } = await fetch(`${api.url}/v1/events`, { method: 'POST', headers, body });
        expect(status).toBe(202);
      };
      // All at once and before a worker runs, so that both organizations share jobs.
      await Promise.all(Array.from({ length: EVENTS }, () => [post(guilty), post(innocent)]).flat());
      await pipeline.startWorker();
      await pipeline.drained();

      const { rows } = await pipeline.owner.query(
        'SELECT organization_id, count(*)::int AS events FROM events GROUP BY 1',
      );
      expect(rows).toEqual([{ organization_id: innocent.id, events: EVENTS }]);
      const kept = await pipeline.queue.depth('dead-letters');
      expect(kept.waiting).toBeGreaterThan(0);
      await expectNoDifference(pipeline.database.url);
      const accounted = await eventually('the ledger answers', async () => {
        const headers = { 'x-api-key': guilty.apiKey };
        const answer = await fetch(`${api.url}/v1/ledger`, { headers });
        return answer.ok && ((await answer.json()) as { data: Record<string, number>[] }).data;
      });
      const sum = (field: string) => accounted.reduce((total, minute) => total + minute[field]!, 0);
      expect([sum('received'), sum('dead_lettered'), sum('in_flight')]).toEqual([EVENTS, EVENTS, 0]);
    }),
  );
});

import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';
import type { MetricDefinition } from '#people';

/** Each is computed for every day, in three queries. */
const MAX_DEFINITIONS = 50;

/** A metric of an organization's own. */
export interface OwnMetric extends MetricDefinition {
  readonly name: string;
  readonly updated_at: Date;
}

interface Row {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly updated_at: Date;
}

export type Saved = { readonly outcome: 'created' | 'changed'; readonly metric: OwnMetric } | 'too_many';

const SELECT = 'SELECT name, definition, updated_at FROM daily_metric_definitions WHERE organization_id = $1';

/** SQL of the metrics that organizations define. */
@Injectable()
export class MetricDefinitionsStore {
  constructor(private readonly pool: Pool) {}

  /** All of them, by name. */
  async all(organizationId: string): Promise<OwnMetric[]> {
    return inTenant(this.pool, organizationId, (client) => all(client, organizationId));
  }

  async find(organizationId: string, name: string): Promise<OwnMetric | undefined> {
    return (await this.all(organizationId)).find((metric) => metric.name === name);
  }

  /**
   * Makes a definition the current one, with an entry in the audit log. Values of another one are removed. Does nothing when
   * it is already the current one.
   */
  async save(
    actor: Actor,
    organizationId: string,
    name: string,
    definition: MetricDefinition,
  ): Promise<Saved> {
    return inTenant(this.pool, organizationId, async (client) => {
      // The row lock serializes changes to one organization's metrics.
      await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
      const metrics = await all(client, organizationId);
      const known = metrics.find((metric) => metric.name === name);
      if (known && isSame(known, definition)) return { outcome: 'changed', metric: known };
      if (!known && metrics.length >= MAX_DEFINITIONS) return 'too_many';
      await removeValues(client, organizationId, name);
      const { rows } = await client.query<Row>(
        `INSERT INTO daily_metric_definitions (organization_id, name, definition) VALUES ($1, $2, $3)
         ON CONFLICT (organization_id, name) DO UPDATE SET definition = EXCLUDED.definition, updated_at = now()
         RETURNING name, definition, updated_at`,
        [organizationId, name, JSON.stringify(definition)],
      );
      await recordAct(client, actor, organizationId, 'daily_metric.define', { name, ...definition });
      return { outcome: known ? 'changed' : 'created', metric: metricOf(rows[0]!) };
    });
  }

  /**
   * Removes a metric and its values, with an entry in the audit log.
   * @returns false when there is none
   */
  async remove(actor: Actor, organizationId: string, name: string): Promise<boolean> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rowCount } = await client.query(
        'DELETE FROM daily_metric_definitions WHERE organization_id = $1 AND name = $2',
        [organizationId, name],
      );
      if (rowCount === 0) return false;
      await removeValues(client, organizationId, name);
      await recordAct(client, actor, organizationId, 'daily_metric.delete', { name });
      return true;
    });
  }
}

async function all(client: PoolClient, organizationId: string): Promise<OwnMetric[]> {
  const { rows } = await client.query<Row>(`${SELECT} ORDER BY name`, [organizationId]);
  return rows.map(metricOf);
}

const removeValues = (client: PoolClient, organizationId: string, name: string) =>
  client.query('DELETE FROM daily_metrics WHERE organization_id = $1 AND name = $2', [organizationId, name]);

const metricOf = ({ name, definition, updated_at }: Row): OwnMetric => ({ name, ...definition, updated_at });

const isSame = (known: MetricDefinition, other: MetricDefinition) => canonical(known) === canonical(other);

const canonical = ({ type, measure, stat, where, group_by }: MetricDefinition) =>
  JSON.stringify([type, measure, stat, Object.entries(where).sort(), group_by]);

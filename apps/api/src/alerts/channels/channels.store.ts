import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { CHANNEL_KINDS } from '#alerts';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';
import type { ChannelDraft } from './read-channels.js';

/** A channel, without what must not be shown. */
export interface Channel {
  readonly name: string;
  readonly kind: string;
  /** The part of its target that may be shown. */
  readonly target: string;
  readonly updated_at: Date;
}

/** A channel whose secret is shown, this once. */
export interface SavedChannel extends Channel {
  readonly secret?: string;
}

/** Channels were not saved: rules name some that would go. */
export interface InUse {
  readonly rules: readonly string[];
}

/** SQL of channels. The API's role cannot read their targets and secrets. */
@Injectable()
export class ChannelsStore {
  constructor(private readonly pool: Pool) {}

  /** All of them, by name. */
  async all(organizationId: string): Promise<Channel[]> {
    return inTenant(this.pool, organizationId, (client) => all(client, organizationId));
  }

  /** Makes these the channels of an organization, with an entry in the audit log. */
  async replace(
    actor: Actor,
    organizationId: string,
    drafts: readonly ChannelDraft[],
  ): Promise<SavedChannel[] | InUse> {
    return inTenant(this.pool, organizationId, async (client) => {
      // The row lock serializes changes to one organization's channels.
      await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
      const before = await all(client, organizationId);
      const isIn = ({ name }: Channel) => drafts.some((draft) => draft.name === name);
      const gone = before.filter((channel) => !isIn(channel)).map(({ name }) => name);
      const rules = await rulesThatName(client, organizationId, gone);
      if (rules.length > 0) return { rules };
      await remove(client, organizationId, gone);
      const secrets = new Map<string, string>();
      for (const draft of drafts) {
        const known = before.find(({ name }) => name === draft.name);
        const secret = await save(client, organizationId, draft, known);
        if (secret !== null) secrets.set(draft.name, secret);
      }
      await recordAct(client, actor, organizationId, 'notification_channels.replace', {
        channels: drafts.map(({ name, kind }) => ({ name, kind })),
        new_secrets: [...secrets.keys()],
      });
      return (await all(client, organizationId)).map((channel) => {
        const secret = secrets.get(channel.name);
        return secret === undefined ? channel : { ...channel, secret };
      });
    });
  }
}

/** @returns the channel's new secret; null: it has none, or keeps its own */
async function save(
  client: PoolClient,
  organizationId: string,
  { name, kind, target, rotate_secret = false }: ChannelDraft,
  known: Channel | undefined,
): Promise<string | null> {
  const { signs, shown } = CHANNEL_KINDS.get(kind)!;
  const isOther = known?.kind !== kind;
  const secret = signs && (isOther || rotate_secret) ? randomBytes(32).toString('base64url') : null;
  if (isOther) {
    await remove(client, organizationId, [name]);
    await client.query(
      `INSERT INTO notification_channels (organization_id, name, kind, shown, target, secret)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [organizationId, name, kind, shown(target!), target, secret],
    );
    return secret;
  }
  if (target !== undefined) {
    await client.query(
      `UPDATE notification_channels SET shown = $3, target = $4, updated_at = now()
       WHERE organization_id = $1 AND name = $2`,
      [organizationId, name, shown(target), target],
    );
  }
  if (secret !== null) {
    await client.query(
      `UPDATE notification_channels SET secret = $3, updated_at = now() WHERE organization_id = $1 AND name = $2`,
      [organizationId, name, secret],
    );
  }
  return secret;
}

async function all(client: PoolClient, organizationId: string): Promise<Channel[]> {
  const { rows } = await client.query<Channel>(
    `SELECT name, kind, shown AS target, updated_at FROM notification_channels WHERE organization_id = $1 ORDER BY name`,
    [organizationId],
  );
  return rows;
}

async function rulesThatName(
  client: PoolClient,
  organizationId: string,
  channels: string[],
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM alert_rules WHERE organization_id = $1 AND channels && $2::text[] ORDER BY name',
    [organizationId, channels],
  );
  return rows.map(({ name }) => name);
}

const remove = (client: PoolClient, organizationId: string, names: readonly string[]) =>
  client.query('DELETE FROM notification_channels WHERE organization_id = $1 AND name = ANY($2)', [
    organizationId,
    names,
  ]);

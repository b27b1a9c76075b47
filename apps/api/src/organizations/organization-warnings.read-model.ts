import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';

/** A warning for the administrators of an organization. */
export interface OrganizationWarning {
  readonly code: 'too_many_series';
  readonly message: string;
  readonly type: string;
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** Series that are counted apart on that day. */
  readonly limit: number;
  /** When the first event was counted under `__other__`. */
  readonly since: Date;
}

/** Days back that are warned of. */
const DAYS = 7;
const MOST = 100;

/** SQL of what is wrong in an organization. */
@Injectable()
export class OrganizationWarnings {
  constructor(private readonly pool: Pool) {}

  /** The newest first. */
  async of(organizationId: string): Promise<OrganizationWarning[]> {
    const { rows } = await inTenant(this.pool, organizationId, (client) =>
      client.query<Pick<OrganizationWarning, 'type' | 'day' | 'limit' | 'since'>>(
        `SELECT type, day::text AS day, max_series AS limit, exceeded_at AS since
         FROM series_counts
         WHERE organization_id = $1 AND exceeded_at IS NOT NULL
           AND day > (now() AT TIME ZONE 'UTC')::date - $2::int
         ORDER BY day DESC, type
         LIMIT $3`,
        [organizationId, DAYS, MOST],
      ),
    );
    return rows.map((row) => ({ code: 'too_many_series', message: messageOf(row), ...row }));
  }
}

const messageOf = ({ type, day, limit }: Pick<OrganizationWarning, 'type' | 'day' | 'limit'>) =>
  `On ${day} ${type} has more than ${limit} combinations of its dimensions; further ones are counted under __other__`;

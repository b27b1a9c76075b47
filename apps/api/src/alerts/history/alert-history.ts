import { Injectable } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, isUUID } from 'class-validator';
import { Pool } from 'pg';
import { ALERT_STATES, type AlertPosition, type AlertState, alertReports } from '#alerts';
import { inTenant } from '#database';
import { type AuthenticatedRequest, actorOf } from '../../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../../http/input/cursor.js';
import { PageQuery, pageOf } from '../../http/input/page.js';
import { parseInstant } from '../../http/input/parse-instant.js';
import { invalidBody, readBody } from '../../http/input/read-body.js';
import { readQuery } from '../../http/input/read-query.js';
import { Problem } from '../../http/problem.js';
import { SilenceBody } from './silence.body.js';
import { silence } from './silences.store.js';

const LONGEST_SILENCE_MS = 30 * 86_400_000;

/** Parameters of lists of alerts. */
export class AlertsQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, schema: { enum: ALERT_STATES } } as object)
  @IsOptional()
  @IsIn(ALERT_STATES)
  state?: AlertState;
}

/** The alerts of the caller: of an organization, or about the installation. */
@Injectable()
export class AlertHistory {
  constructor(private readonly pool: Pool) {}

  /** A page, the newest first. */
  async list({ principal: { organizationId } }: AuthenticatedRequest, raw: Record<string, unknown>) {
    const query = readQuery(AlertsQuery, raw);
    const scope = cursorScope(organizationId, query);
    const before = decodeCursor(scope, query.cursor, isPosition);
    const filter = { state: query.state, before, limit: query.limit + 1 };
    const rows = await inTenant(this.pool, organizationId, (client) =>
      alertReports(client, organizationId, filter),
    );
    return pageOf(scope, rows, query.limit, ({ started_at, id }) => [started_at.getTime(), id]);
  }

  /** @throws Problem 400 `invalid_body`, 404 */
  async silence(request: AuthenticatedRequest, id: string) {
    const until = parseInstant(readBody(SilenceBody, request.body).until)!;
    if (until > Date.now() + LONGEST_SILENCE_MS) {
      throw invalidBody([{ path: 'until', message: 'until must be within 30 days' }]);
    }
    const { organizationId } = request.principal;
    const [alert] = isUUID(id)
      ? await inTenant(this.pool, organizationId, async (client) => {
          await silence(client, actorOf(request), organizationId, id, new Date(until));
          return alertReports(client, organizationId, { id, limit: 1 });
        })
      : [];
    if (!alert) throw new Problem(404, 'not_found', 'No such alert');
    return alert;
  }
}

const isPosition = (value: readonly unknown[]): value is AlertPosition & unknown[] =>
  value.length === 2 && typeof value[0] === 'number' && isUUID(value[1]);

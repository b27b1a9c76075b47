import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Principal } from '#identity';
import { RawReadModel, RollupReadModel } from '#rollups';
import { EventTypeRegistry } from '../../event-types/event-type-registry.js';
import { invalidQuery } from '../../http/input/read-query.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';
import { aggregateQuestion } from './aggregate-question.js';
import { AggregatesQuery, statisticsOf } from './aggregates.query.js';
import { groupBefore, renderAggregates } from './render-aggregates.js';

/** Answers questions about counts and measures by window. */
@Injectable()
export class AggregatesService {
  constructor(
    private readonly reads: TenantReads,
    private readonly environment: Environment,
    private readonly types: EventTypeRegistry,
  ) {}

  /**
   * @param where dimension → required value
   * @param now milliseconds since the epoch
   * @throws Problem 400 naming every parameter that does not fit the event type
   */
  async aggregate(principal: Principal, query: AggregatesQuery, where: Record<string, string>, now: number) {
    if (!this.environment.AGGREGATION_WINDOWS.includes(query.window)) {
      const kept = this.environment.AGGREGATION_WINDOWS.join(', ');
      throw invalidQuery([{ path: 'window', message: `this server keeps the windows ${kept}` }]);
    }
    const types = await this.types.of(principal);
    const question = aggregateQuestion(query, where, types.get(query.type)?.type, now);
    const page = { statistics: statisticsOf(query), limit: query.limit, after: groupBefore(query.cursor) };
    const { organizationId } = principal;
    const ReadModel = question.userId === undefined ? RollupReadModel : RawReadModel;
    const series = await this.reads.run(organizationId, (client) =>
      new ReadModel(client, organizationId).aggregate(question),
    );
    return renderAggregates(question, series, page);
  }
}

import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { agentInteraction, commandExecution } from '#catalog';
import { Environment } from '#config';
import {
  type ActivityFigures,
  type ActivityPoint,
  activityFigures,
  activityQuestions,
  type NameFigures,
  namesQuestion,
  type Part,
  questionOf,
  RangeUsersReadModel,
  type Scope,
  topNames,
} from '#people';
import {
  type AggregateQuestion,
  type AggregateSeries,
  bucketBounds,
  PendingDeltas,
  type QueryWindow,
  RawReadModel,
  RollupReads,
  storedWindow,
} from '#rollups';
import type { Reader } from '../tenant-reads/reader.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';
import { teamMembers } from './team-members.read-model.js';

/** Most buckets of an answer. */
export const MAX_BUCKETS = 10_000;

/** What an overview shows. */
export interface Overview {
  readonly total: ActivityFigures;
  readonly activeUsers: number;
  readonly topCommands: readonly NameFigures[];
  readonly topAgents: readonly NameFigures[];
  readonly points: readonly ActivityPoint[];
}

/** Figures of commands and agents. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly reads: TenantReads,
    private readonly environment: Environment,
    private readonly pending: PendingDeltas,
    private readonly rollups: RollupReads,
  ) {}

  /**
   * The buckets of a range, in UTC.
   * @param range milliseconds since the epoch, half-open
   */
  scope(range: { readonly from: number; readonly to: number }, window: QueryWindow): Scope {
    const bounds = bucketBounds({ ...range, window, timeZone: 'UTC' }, MAX_BUCKETS);
    // All windows are counted, and the shortest one fits everything.
    return { bounds, stored: storedWindow(bounds, this.environment.AGGREGATION_WINDOWS) ?? '1m' };
  }

  /** Figures by bucket; of one user when given. */
  async figures(reader: Reader, scope: Scope, userId: string | undefined) {
    const own = { ...scope, userIds: userId === undefined ? undefined : [userId] };
    return activityFigures(own, await this.read(reader, own, activityQuestions(own)));
  }

  /** Answers questions about the buckets in order; about one user when given. */
  ask(
    reader: Reader,
    scope: Scope,
    userId: string | undefined,
    parts: readonly Part[],
  ): Promise<(readonly AggregateSeries[])[]> {
    const own = { ...scope, userIds: userId === undefined ? undefined : [userId] };
    return this.read(
      reader,
      own,
      parts.map((part) => questionOf(own, part)),
    );
  }

  /** Everything about a range; of one team when given. */
  overview(reader: Reader, scope: Scope, team: string | undefined): Promise<Overview> {
    const { organizationId } = reader;
    const read = async (client: ClientBase) => {
      const userIds = team === undefined ? undefined : await teamMembers(client, organizationId, team);
      const own = { ...scope, userIds };
      const activeUsers = await this.activeUsers(client, organizationId, own);
      const answers = await this.sourceIn(client, organizationId, own).all([
        ...activityQuestions(own),
        namesQuestion(own, commandExecution.name, 'command_name'),
        namesQuestion(own, agentInteraction.name, 'agent_name'),
      ]);
      return {
        ...activityFigures(own, answers),
        activeUsers,
        topCommands: topNames(answers.at(-2)!, 'command_name'),
        topAgents: topNames(answers.at(-1)!, 'agent_name'),
      };
    };
    return team === undefined ? this.reads.snapshotOfEvents(reader, read) : this.reads.run(reader, read);
  }

  private activeUsers(
    client: ClientBase,
    organizationId: string,
    { bounds, userIds }: Scope,
  ): Promise<number> {
    const range = { from: bounds[0]!, to: bounds.at(-1)! };
    const users = new RangeUsersReadModel(client, organizationId, this.pending);
    return userIds ? users.countOf(range, userIds) : users.count(range);
  }

  private read(reader: Reader, scope: Scope, questions: readonly AggregateQuestion[]) {
    const read = (client: ClientBase) => this.sourceIn(client, reader.organizationId, scope).all(questions);
    return scope.userIds ? this.reads.run(reader, read) : this.reads.snapshot(reader, read);
  }

  /** Rollups do not know users. */
  private sourceIn(client: ClientBase, organizationId: string, { userIds }: Scope) {
    return userIds ? new RawReadModel(client, organizationId) : this.rollups.in(client, organizationId);
  }
}

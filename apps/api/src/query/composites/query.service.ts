import { Injectable } from '@nestjs/common';
import type { Principal } from '#identity';
import { invalidBody, readObject } from '../../http/input/read-body.js';
import { AggregatesService } from '../aggregates/aggregates.service.js';
import type { Aggregates } from '../aggregates/render-aggregates.js';
import type { Reader } from '../tenant-reads/reader.js';
import { readQueries } from './read-queries.js';

/** The answer to one query of a request. */
export interface NamedAggregates extends Aggregates {
  readonly name: string;
}

/** Answers several aggregate queries at once. */
@Injectable()
export class QueryService {
  constructor(private readonly aggregates: AggregatesService) {}

  /**
   * @param body as sent
   * @param now milliseconds since the epoch
   * @throws Problem 400 naming every fault of every query
   */
  async answer(principal: Principal, reader: Reader, body: unknown, now: number): Promise<NamedAggregates[]> {
    const { queries, errors } = readQueries(readObject(body));
    const prepared = await Promise.all(
      queries.map(({ raw }) => this.aggregates.prepare(principal, raw, now)),
    );
    const faults = prepared.flatMap((query, i) =>
      'errors' in query
        ? query.errors.map((error) => ({ ...error, path: `queries/${i}/${error.path}` }))
        : [],
    );
    if (errors.length + faults.length > 0) throw invalidBody([...errors, ...faults]);
    const sound = prepared.flatMap((query) => ('errors' in query ? [] : query));
    const answers = await this.aggregates.answer(reader, sound);
    return answers.map((answer, i) => ({ name: queries[i]!.name, ...answer }));
  }
}

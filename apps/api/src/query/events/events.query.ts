import { ApiHideProperty, IntersectionType } from '@nestjs/swagger';
import { PageQuery } from '../../http/input/page.js';
import { assertStorable, invalidQuery } from '../../http/input/read-query.js';
import { RangeQuery } from '../../http/input/time-range.js';
import { validated } from '../../http/input/validated.js';
import { gatherConditions, IsConditions } from '../aggregates/conditions.js';
import { EventFilterQuery } from './event-filter.query.js';
import { conditionFaults } from './payload-conditions.js';

class PayloadQuery {
  /** `payload.<path>` → required value; null: missing. */
  @ApiHideProperty()
  @IsConditions()
  where: Record<string, string | null> = {};
}

/** Parameters of `GET /v1/events`. */
export class EventsQuery extends IntersectionType(EventFilterQuery, PayloadQuery, RangeQuery, PageQuery) {}

/**
 * Reads the parameters of `GET /v1/events`.
 * @throws Problem 400 naming every faulty parameter
 */
export function readEventsQuery(raw: Readonly<Record<string, unknown>>): EventsQuery {
  assertStorable(raw);
  const given = gatherConditions(raw);
  const result = validated(EventsQuery, given);
  const faults = conditionFaults(given.where);
  const errors = 'errors' in result ? [...result.errors, ...faults] : faults;
  if ('errors' in result || errors.length > 0) throw invalidQuery(errors);
  return result.value;
}

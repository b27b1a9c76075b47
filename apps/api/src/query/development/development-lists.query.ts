import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { commandExecution } from '#catalog';
import { IsText } from '../../http/input/is-text.js';
import { PageQuery } from '../../http/input/page.js';
import { DateRangeQuery } from './date-range.js';

const LONGEST_NAME = 256;

/** How commands and interactions with agents end. */
export const STATUSES = (commandExecution.schema.properties as { status: { enum: string[] } }).status.enum;

class ListFilterQuery {
  @ApiPropertyOptional({ type: String, schema: { enum: STATUSES } } as object)
  @IsOptional()
  @IsIn(STATUSES)
  status?: string;

  @ApiPropertyOptional({ maxLength: LONGEST_NAME, description: 'A UUID, in either case.' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  user_id?: string;
}

class CommandNameQuery {
  @ApiPropertyOptional({ maxLength: LONGEST_NAME, example: 'plan' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  command_name?: string;
}

class AgentNameQuery {
  @ApiPropertyOptional({ maxLength: LONGEST_NAME, example: 'reviewer' })
  @IsOptional()
  @IsText(LONGEST_NAME)
  agent_name?: string;
}

/** Parameters of `GET /api/metrics/commands`. */
export class CommandsQuery extends IntersectionType(
  CommandNameQuery,
  ListFilterQuery,
  DateRangeQuery,
  PageQuery,
) {}

/** Parameters of `GET /api/metrics/agents`. */
export class AgentsQuery extends IntersectionType(
  AgentNameQuery,
  ListFilterQuery,
  DateRangeQuery,
  PageQuery,
) {}

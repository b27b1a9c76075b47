import type { JsonSchema } from '#catalog';
import {
  anyObject,
  count,
  described,
  instant,
  nullable,
  oneOf,
  record,
  text,
} from '../../http/openapi/schema.js';
import type { EventRow } from '../events/event-filter.js';
import { STATUSES } from './development-lists.query.js';

/** What every row of this dialect has, in its names. */
interface Row {
  readonly id: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly executed_at: Date;
  readonly execution_time_ms: number;
  readonly status: string;
  readonly context: object;
}

interface CommandRow extends Row {
  readonly command_name: string;
}

interface AgentRow extends Row {
  readonly agent_name: string;
  readonly interaction_type: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

const row: { readonly [K in keyof Row]: JsonSchema } = {
  id: text,
  user_id: nullable(text),
  session_id: nullable(text),
  executed_at: instant,
  execution_time_ms: count,
  status: oneOf(STATUSES),
  context: anyObject,
};

/** The client's further fields are returned as they were sent. */
const open = (schema: JsonSchema): JsonSchema => ({ ...schema, additionalProperties: true });

export const commandRowSchema = open(
  record<CommandRow>('Command', { ...row, command_name: described(text, 'Name of the command.') }, [
    'context',
  ]),
);

export const agentRowSchema = open(
  record<AgentRow>(
    'AgentInteraction',
    { ...row, agent_name: text, interaction_type: text, input_tokens: count, output_tokens: count },
    ['context', 'input_tokens', 'output_tokens'],
  ),
);

/** An event as clients of this dialect send it, with its id. Pure. */
export const developmentRow = ({ id, ts, user_id, session_id, payload }: EventRow) => ({
  ...(payload as Readonly<Record<string, unknown>>),
  id,
  user_id,
  session_id,
  executed_at: ts,
});

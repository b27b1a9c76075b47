import type { EventType } from './event-type.js';

/** An agent answered, called a tool or was handed work. */
export const agentInteraction: EventType = {
  name: 'agent_interaction',
  description: 'One interaction with an agent, with its outcome, duration and tokens.',
  schema: {
    type: 'object',
    properties: {
      agent_name: { type: 'string', minLength: 1, maxLength: 255 },
      interaction_type: { type: 'string', minLength: 1, maxLength: 255 },
      execution_time_ms: { type: 'integer', minimum: 0, maximum: 3_600_000 },
      status: { type: 'string', enum: ['success', 'error', 'timeout', 'cancelled'] },
      input_tokens: { type: 'integer', minimum: 0, maximum: 1_000_000_000 },
      output_tokens: { type: 'integer', minimum: 0, maximum: 1_000_000_000 },
      context: { type: 'object', additionalProperties: true },
    },
    // Tokens are optional: agents that call no model have none to report.
    required: ['agent_name', 'interaction_type', 'execution_time_ms', 'status'],
    additionalProperties: true,
    examples: [
      {
        agent_name: 'reviewer',
        interaction_type: 'completion',
        execution_time_ms: 2300,
        status: 'success',
        input_tokens: 1200,
        output_tokens: 350,
      },
    ],
  },
  dimensions: ['agent_name', 'interaction_type', 'status'],
  measures: ['execution_time_ms', 'input_tokens', 'output_tokens'],
};

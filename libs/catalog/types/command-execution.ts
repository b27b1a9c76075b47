import type { EventType } from './event-type.js';

/** A developer ran a command. */
export const commandExecution: EventType = {
  name: 'command_execution',
  description: 'A command was run, with its outcome and how long it took.',
  schema: {
    type: 'object',
    properties: {
      command_name: { type: 'string', minLength: 1, maxLength: 255 },
      execution_time_ms: { type: 'integer', minimum: 0, maximum: 3_600_000 },
      status: { type: 'string', enum: ['success', 'error', 'timeout', 'cancelled'] },
      context: { type: 'object', additionalProperties: true },
    },
    required: ['command_name', 'execution_time_ms', 'status'],
    additionalProperties: true,
    examples: [
      { command_name: 'plan', execution_time_ms: 1500, status: 'success', context: { session_id: 's-1' } },
    ],
  },
  dimensions: ['command_name', 'status'],
  measures: ['execution_time_ms'],
};

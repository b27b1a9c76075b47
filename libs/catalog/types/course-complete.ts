import type { EventType } from './event-type.js';

/** A learner completed a course. */
export const courseComplete: EventType = {
  name: 'course_complete',
  view: 'course_completions',
  description: 'A course was completed, with what score and in how much time.',
  schema: {
    type: 'object',
    properties: {
      // Many platforms number their courses.
      course_id: { anyOf: [{ type: 'string', maxLength: 255 }, { type: 'integer' }] },
      course_name: { type: 'string', maxLength: 1024 },
      score: { type: 'number', minimum: -1e6, maximum: 1e6 },
      duration_seconds: { type: 'number', minimum: 0, maximum: 3_153_600_000 },
    },
    additionalProperties: true,
    examples: [
      { course_id: 'sql-101', course_name: 'First steps in SQL', score: 92, duration_seconds: 5400 },
    ],
  },
  dimensions: ['course_id'],
  measures: ['score', 'duration_seconds'],
};

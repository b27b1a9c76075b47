import type { UserDay } from '#rollups';

/**
 * SQL of the common table expression `pending`: user days that are not compacted.
 * @param position of the first of its four parameters
 */
export const pendingUserDays = (position: number) => `
  pending AS MATERIALIZED (
    SELECT day, user_id COLLATE "C" AS user_id, first_quarter, last_quarter
    FROM unnest($${position}::date[], $${position + 1}::text[], $${position + 2}::int[], $${position + 3}::int[])
      AS p(day, user_id, first_quarter, last_quarter)
  )`;

/** Its parameters. */
export const pendingParameters = (days: readonly UserDay[]) => [
  days.map(({ day }) => day),
  days.map(({ user_id }) => user_id),
  days.map(({ first }) => first),
  days.map(({ last }) => last),
];

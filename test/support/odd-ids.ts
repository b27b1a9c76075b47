import type { Random } from './random.js';

const hex = (random: Random, digits: number) =>
  Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join('');

/** A seeded UUID in lower case. */
const uuid = (random: Random) => [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-');

const KINDS: readonly ((random: Random) => string)[] = [
  uuid,
  uuid,
  uuid,
  (random) => uuid(random).toUpperCase(),
  (random) => uuid(random).replaceAll('-', ''),
  (random) => `${uuid(random)}x`,
  (random) => `{${uuid(random)}}`,
  (random) => `${hex(random, 8)}-${'é𝒳"\\\n'}-${hex(random, 8)}`,
  (random) => hex(random, 128),
  (random) => `NULL ${hex(random, 8)}`,
];

/** An id as clients send them: mostly UUIDs, but also anything else. */
export const oddId = (random: Random): string => random.pick(KINDS)(random);

import type { JsonSchema } from '#catalog';
import { described, instant, listOf, nullable, record, text } from '../../http/openapi/schema.js';

/** Fields of a page of events beside its data. */
export interface EventPageEnd {
  readonly next_cursor: string | null;
  readonly searched_until?: Date;
}

/** Schemas of the end of a page, for answers with further fields. */
export const pageEnd = {
  next_cursor: described(nullable(text), '`cursor` for the next page; null on the last page.'),
  searched_until: described(
    instant,
    'Only on a page that ended before it was full, because it had read enough: events before this instant are still ' +
      'to be searched. Go on with `next_cursor`.',
  ),
};

/** Schema of a page of events. */
export const eventPageSchema = (item: JsonSchema): JsonSchema =>
  record<{ readonly data: unknown } & EventPageEnd>(
    `${item.title as string}Page`,
    { data: listOf(item), ...pageEnd },
    ['searched_until'],
  );

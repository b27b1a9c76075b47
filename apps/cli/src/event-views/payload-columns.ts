import type { EventType } from '#catalog';

export type ColumnType = 'text' | 'bigint' | 'double precision' | 'boolean' | 'json';

/** A field of the payload as a column. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const TYPES: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  integer: 'bigint',
  number: 'double precision',
  boolean: 'boolean',
  object: 'json',
  array: 'json',
};

/** The declared fields of a type's payload, in their order. One that may be a text or a number is text. */
export function payloadColumns({ schema }: EventType): Column[] {
  const fields = schema.properties as Readonly<Record<string, { readonly type?: string }>>;
  return Object.entries(fields).map(([name, { type = '' }]) => ({ name, type: TYPES[type] ?? 'text' }));
}

import type { EventType } from '#catalog';

/** One way in which a type's events were counted. */
export interface Counting {
  /** Which revisions of an organization's own type counted in this way; null: the type is built in. */
  readonly revisions: readonly number[] | null;
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
}

/** A type with every way in which its events have been counted: each by the definition that it came under. */
export interface CountedType {
  readonly name: string;
  /** Null for a built-in type, which all organizations share. */
  readonly organizationId: string | null;
  readonly countings: readonly Counting[];
}

export const builtInCountedType = ({ name, dimensions, measures }: EventType): CountedType => ({
  name,
  organizationId: null,
  countings: [{ revisions: null, dimensions, measures }],
});

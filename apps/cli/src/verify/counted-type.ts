import type { EventType } from '#catalog';

/** Dimensions and measures by which some of a type's events were counted. */
export interface Counting {
  /** Revisions of an organization's own type with this counting; null: built in. */
  readonly revisions: readonly number[] | null;
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
}

/** A type with all its countings: each event is counted by the revision under which it was accepted. */
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

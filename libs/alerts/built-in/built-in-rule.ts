import { type CheckedVerdict, type Figures, STATUSES, type Status } from '#health';

/** A rule about the installation. */
export interface BuiltInRule {
  /** Kebab-case. Its alerts are known by it. */
  readonly name: string;
  /** Name of the check that it looks at. */
  readonly check: string;
  /** Whether it fires. */
  holds(verdict: CheckedVerdict): boolean;
}

/** Fires while a check is at least as bad as this. */
export const reaches = (name: string, check: string, status: Exclude<Status, 'ok'>): BuiltInRule => ({
  ...{ name, check },
  holds: (verdict) => STATUSES.indexOf(verdict.status) >= STATUSES.indexOf(status),
});

/** Fires while figures of a check are so. A check that could not be made has no figures, and fires nothing. */
export const figure = (name: string, check: string, isSo: (figures: Figures) => boolean): BuiltInRule => ({
  ...{ name, check },
  holds: ({ figures }) => isSo(figures),
});

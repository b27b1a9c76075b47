import type { OrganizationSettings } from './principal.js';

/** A change of settings: named fields are set, `null` removes one, all others stay. */
export type SettingsPatch = Patch<OrganizationSettings>;

type Patch<T> = {
  readonly [K in keyof T]?:
    | (NonNullable<T[K]> extends readonly unknown[]
        ? T[K]
        : NonNullable<T[K]> extends object
          ? Patch<NonNullable<T[K]>>
          : T[K])
    | null;
};

/** Applies a change to settings. */
export const patchSettings = (settings: OrganizationSettings, patch: SettingsPatch) =>
  mergePatch(settings, patch) as OrganizationSettings;

/** JSON Merge Patch (RFC 7396); `undefined` counts as absent. */
function mergePatch(target: object, patch: object): object {
  const merged = new Map<string, unknown>(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else if (isObject(value)) merged.set(name, mergePatch(objectOr(merged.get(name)), value));
    else if (value !== undefined) merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOr = (value: unknown) => (isObject(value) ? value : {});

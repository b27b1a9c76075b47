import type { EventType } from './types/event-type.js';

/** The name of a built-in type's view in SQL. */
export const viewName = ({ name, view = `${name}s` }: EventType): string => view;

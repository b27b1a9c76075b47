import { isText } from './is-text.js';

/** As long as the `user_id` and `session_id` of an event may be. */
export const MAX_ID_LENGTH = 256;

/** Whether an event can have such an id. */
export const isId = (value: unknown): value is string => isText(value, MAX_ID_LENGTH);

import { isText } from '../http/input/is-text.js';
import { Problem } from '../http/problem.js';

/** As long as an event's `user_id` may be. */
export const MAX_USER_ID_LENGTH = 256;

export const isUserId = (value: unknown): value is string => isText(value, MAX_USER_ID_LENGTH);

export const userNotFound = () => new Problem(404, 'not_found', 'No such user');

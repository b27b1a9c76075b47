import { createHmac } from 'node:crypto';
import type { Principal } from './principal.js';

const FORM = /^anon_[0-9a-f]{32}$/;

/**
 * What is queued, stored and logged in place of a user id by organizations that anonymize: an HMAC-SHA-256 with a
 * secret of the organization's own, cut to 128 bits. The same user has the same one in all events, and none can
 * be told from another organization's.
 */
export const pseudonym = (key: Buffer, userId: string) =>
  `anon_${createHmac('sha256', key).update(userId).digest('hex').slice(0, 32)}`;

/** How a user whom a caller asks for is known here; a pseudonym read off an event is taken as it is. */
export const knownUserId = ({ pseudonymKey }: Principal, userId: string) =>
  pseudonymKey && !FORM.test(userId) ? pseudonym(pseudonymKey, userId) : userId;

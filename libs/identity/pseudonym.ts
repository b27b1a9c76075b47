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
export const pseudonymize = ({ pseudonymKey }: Principal, userId: string) =>
  pseudonymKey && !FORM.test(userId) ? pseudonym(pseudonymKey, userId) : userId;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Everything that a user may be kept as, before and after the organization began or ceased to anonymize. */
export function everyUserId(key: Buffer, userId: string): string[] {
  // UUIDs are one however they are written, and some dialects lower their case.
  const names = UUID.test(userId) ? [userId, userId.toLowerCase(), userId.toUpperCase()] : [userId];
  // What looks like a pseudonym may have been sent as a user id, too, and got one of its own.
  return [...new Set([...names, ...names.map((name) => pseudonym(key, name))])];
}

/**
 * What the audit log has of a user: tells whoever knows them that it was them, and nobody else who it was. No user id
 * has a NUL, so no user's pseudonym is the same.
 */
export const userMark = (key: Buffer, userId: string) =>
  pseudonym(key, `\0${FORM.test(userId) ? userId : pseudonym(key, userId)}`);

import { createHmac } from 'node:crypto';
import type { Principal } from './principal.js';

const PSEUDONYM = /^anon_[0-9a-f]{32}$/;

/**
 * Replaces a user id in organizations that anonymize, before anything is queued, stored or logged: HMAC-SHA-256 with
 * the organization's own key, cut to 128 bits. A user has the same pseudonym in all events of one organization and
 * unrelated ones elsewhere.
 */
export const pseudonym = (key: Buffer, userId: string) =>
  `anon_${createHmac('sha256', key).update(userId).digest('hex').slice(0, 32)}`;

/** The stored form of a user id in a query. A pseudonym copied from an event is returned unchanged. */
export const pseudonymize = ({ pseudonymKey }: Principal, userId: string) =>
  pseudonymKey && !PSEUDONYM.test(userId) ? pseudonym(pseudonymKey, userId) : userId;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Every form in which a user may be stored, whether or not the organization anonymized at the time. */
export function everyUserId(key: Buffer, userId: string): string[] {
  // A UUID is the same in either case, and some dialects lower-case it.
  const names = UUID.test(userId) ? [userId, userId.toLowerCase(), userId.toUpperCase()] : [userId];
  // A client may have sent a user id that looks like a pseudonym, which was then pseudonymized again.
  return [...new Set([...names, ...names.map((name) => pseudonym(key, name))])];
}

/**
 * Keyed mark of a user for the audit log. It can be checked against a known user id but not turned back into one. No
 * user id contains NUL, so it differs from every pseudonym.
 */
export const userMark = (key: Buffer, userId: string) =>
  pseudonym(key, `\0${PSEUDONYM.test(userId) ? userId : pseudonym(key, userId)}`);

import { isText } from '../../../http/input/is-text.js';
import { Problem } from '../../../http/problem.js';
import type { Reader } from '../../tenant-reads/reader.js';
import { renderSession, type Session } from './render-session.js';
import type { SessionsReadModel } from './sessions.read-model.js';

/** As long as an event's `session_id` may be. */
const MAX_ID_LENGTH = 256;

/** @throws Problem 404 */
export async function findSession(sessions: SessionsReadModel, reader: Reader, id: string): Promise<Session> {
  const row = isText(id, MAX_ID_LENGTH) ? await sessions.find(reader, id) : null;
  if (!row) throw new Problem(404, 'not_found', 'No such session');
  return renderSession(row);
}

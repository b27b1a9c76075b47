import { isId } from '../../../http/input/is-id.js';
import { Problem } from '../../../http/problem.js';
import type { Reader } from '../../tenant-reads/reader.js';
import { renderSession, type Session } from './render-session.js';
import type { SessionsReadModel } from './sessions.read-model.js';

/** @throws Problem 404 */
export async function findSession(sessions: SessionsReadModel, reader: Reader, id: string): Promise<Session> {
  const row = isId(id) ? await sessions.find(reader, id) : null;
  if (!row) throw new Problem(404, 'not_found', 'No such session');
  return renderSession(row);
}

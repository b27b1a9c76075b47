import { guardJson } from './guard-json.js';
import { IngestProblem } from './ingest-format.js';

/**
 * Parses a body as JSON.
 * @throws IngestProblem 400 `malformed_json` or `too_complex`
 */
export function parseJson(body: Buffer): unknown {
  guardJson(body);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new IngestProblem(400, 'malformed_json', `The body is not JSON: ${(error as Error).message}`);
  }
}

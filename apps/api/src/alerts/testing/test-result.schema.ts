import { NOTIFICATION_STATUSES } from '#alerts';
import { described, listOf, nullable, oneOf, record, text } from '../../http/openapi/schema.js';
import type { TestResult } from './test-notifications.store.js';

const result = record<TestResult>('TestResult', {
  channel: { ...text, examples: ['ops'] },
  status: described(oneOf(NOTIFICATION_STATUSES), '`waiting`: no worker has sent it yet.'),
  said: described(
    { ...nullable(text), examples: ['HTTP 200'] },
    'What it said, or why it failed; null while it waits.',
  ),
});

/** What channels said to a test. */
export const testResultsSchema = record<{ data: unknown }>('TestResults', { data: listOf(result) });

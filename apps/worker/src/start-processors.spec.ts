import { processorFaults } from './start-processors.js';

const queues = [
  { name: 'ingest', job: {}, worker: {} },
  { name: 'dead-letters', job: {} },
];

describe('processorFaults', () => {
  it('is empty with one processor for each consumed queue', () => {
    expect(processorFaults(queues, ['ingest'])).toEqual([]);
  });

  it('names queues with too few, too many or unexpected processors', () => {
    expect(processorFaults(queues, [])).toEqual([
      'the queue ingest has 0 processors, expected 1 (listed in a module?)',
    ]);
    expect(processorFaults(queues, ['ingest', 'ingest', 'dead-letters', 'mail'])).toEqual([
      'the queue ingest has 2 processors, expected 1 (listed in a module?)',
      'the queue dead-letters has 1 processors, expected 0 (listed in a module?)',
      'the queue mail is not in the table of queues',
    ]);
  });
});

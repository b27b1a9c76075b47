import { processorFaults } from './assert-processors.js';

const queues = [
  { name: 'ingest', job: {}, worker: {} },
  { name: 'dead-letters', job: {} },
];

describe('processorFaults', () => {
  it('is content with one processor for each consumed queue', () => {
    expect(processorFaults(queues, ['ingest'])).toEqual([]);
  });

  it('names a queue without a processor, with two, and one that nobody may consume', () => {
    expect(processorFaults(queues, [])).toEqual(['the queue ingest must have 1 processors and has 0']);
    expect(processorFaults(queues, ['ingest', 'ingest', 'dead-letters', 'mail'])).toEqual([
      'the queue ingest must have 1 processors and has 2',
      'the queue dead-letters must have 0 processors and has 1',
      'the queue mail is not in the table of queues',
    ]);
  });
});

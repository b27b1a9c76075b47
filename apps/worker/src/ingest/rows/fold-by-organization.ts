import { type DeltasByOrganization, type FoldInput, fold } from '#rollups';
import type { PendingBatch } from './pending-batch.js';

/** Counts the events that are not skipped. */
export function foldByOrganization(batches: readonly PendingBatch[]): DeltasByOrganization {
  const inputs = new Map<string, FoldInput[]>();
  for (const batch of batches) {
    const { organizationId } = batch.encoded;
    const own = inputs.get(organizationId);
    if (own) own.push(foldInput(batch));
    else inputs.set(organizationId, [foldInput(batch)]);
  }
  return new Map([...inputs].map(([organizationId, own]) => [organizationId, fold(own)]));
}

function foldInput({ reader, encoded, skipped }: PendingBatch): FoldInput {
  return {
    count: encoded.count,
    ts: reader.instants(),
    userIds: reader.strings('userId'),
    sessionIds: reader.strings('sessionId'),
    series: encoded.series,
    seriesIndexes: reader.seriesIndexes(),
    values: reader.values(),
    sessionFacts: new Map(encoded.sessionFacts),
    skipped,
  };
}

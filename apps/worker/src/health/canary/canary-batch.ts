import { randomUUID } from 'node:crypto';
import {
  type CountableEvent,
  type EncodedBatch,
  encodeBatch,
  extractDimensions,
  extractMeasures,
} from '#batch';
import { deviceMetric } from '#catalog';
import { CANARY_ORGANIZATION } from '#identity';

/** What a canary says. One series a day, whatever the interval. */
const PAYLOAD = { device_name: 'canary', metric_name: 'pipeline', value: 1 };

/**
 * A batch with one event of the canary's organization, as the API makes them.
 * @param now milliseconds since the epoch
 */
export function canaryBatch(now: number): EncodedBatch {
  const { name, measures } = deviceMetric;
  const event: CountableEvent = {
    ...{ id: randomUUID(), ts: now, type: name, userId: null, sessionId: null, src: 'health' },
    payloadJson: JSON.stringify(PAYLOAD),
    series: { type: name, dimensions: extractDimensions(deviceMetric, PAYLOAD), measures },
    values: extractMeasures(deviceMetric, PAYLOAD),
  };
  return encodeBatch(
    {
      ...{ batchId: randomUUID(), organizationId: CANARY_ORGANIZATION, receivedAt: now },
      ...{ actor: 'health', clientAddress: 'worker' },
    },
    [event],
  );
}

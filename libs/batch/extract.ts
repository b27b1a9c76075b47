import { dimensionValue, type EventType } from '#catalog';
import type { SessionFact } from './event-batch.js';

/** A payload as it was posted: what stands in it under a name, and nothing that it inherits. */
export type Payload = Readonly<Record<string, unknown>>;

export const own = (payload: Payload, key: string) =>
  Object.hasOwn(payload, key) ? payload[key] : undefined;

/** What an event of a type is grouped under; a dimension that the payload does not carry is absent. */
export function extractDimensions({ dimensions }: EventCounting, payload: Payload): Record<string, string> {
  const extracted: Record<string, string> = {};
  for (const dimension of dimensions) {
    const text = dimensionValue(own(payload, dimension));
    if (text !== undefined) extracted[dimension] = text;
  }
  return extracted;
}

/** One value for each measure of the type; NaN where the payload has none. */
export function extractMeasures({ measures }: EventCounting, payload: Payload): number[] {
  const values = new Array<number>(measures.length);
  for (let m = 0; m < measures.length; m++) {
    const value = own(payload, measures[m]!);
    values[m] = typeof value === 'number' ? value : Number.NaN;
  }
  return values;
}

/** What an event of a type tells about its session. */
export function extractSessionFact(
  { talkedTime, device, ends }: NonNullable<EventType['session']>,
  payload: Payload,
): SessionFact {
  const seconds = talkedTime ? own(payload, talkedTime) : undefined;
  const name = device ? own(payload, device) : undefined;
  return {
    ...(typeof seconds === 'number' ? { talkedTime: seconds } : {}),
    ...(typeof name === 'string' ? { device: name } : {}),
    ...(ends ? { ends } : {}),
  };
}

type EventCounting = Pick<EventType, 'dimensions' | 'measures'>;

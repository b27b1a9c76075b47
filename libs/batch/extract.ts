import { dimensionValue, type EventType } from '#catalog';
import type { SessionFact } from './event-batch.js';

/** A payload as sent. Read it with `own`: a client may use names that every object inherits. */
export type Payload = Readonly<Record<string, unknown>>;

export const own = (payload: Payload, key: string) =>
  Object.hasOwn(payload, key) ? payload[key] : undefined;

/** The dimensions present in the payload of an event. */
export function extractDimensions({ dimensions }: EventCounting, payload: Payload): Record<string, string> {
  const extracted: Record<string, string> = {};
  for (const dimension of dimensions) {
    const text = dimensionValue(own(payload, dimension));
    if (text !== undefined) extracted[dimension] = text;
  }
  return extracted;
}

/** One value per measure of the type; NaN where the payload has none. */
export function extractMeasures({ measures }: EventCounting, payload: Payload): number[] {
  const values = new Array<number>(measures.length);
  for (let m = 0; m < measures.length; m++) {
    const value = own(payload, measures[m]!);
    values[m] = typeof value === 'number' ? value : Number.NaN;
  }
  return values;
}

/** What an event says about its session. */
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

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Series, SessionFact } from '#batch';
import { dimensionValue, type EventType } from '#catalog';
import { Fault } from './fault.js';

/** What is extracted of a payload for counting. */
export interface Counted {
  readonly series: Series;
  readonly seriesKey: string;
  readonly values: number[];
  readonly sessionFact?: SessionFact;
}

/** Series objects kept for reuse; past this many new ones are made for each event. */
const MAX_KNOWN_SERIES = 10_000;

type Payload = Readonly<Record<string, unknown>>;

/** A catalog entry made ready: schema compiled, dimensions and measures looked up by position. */
export class CountableType {
  private readonly validate: ValidateFunction;
  private readonly known = new Map<string, Series>();

  constructor(
    private readonly type: EventType,
    ajv: Ajv2020,
  ) {
    this.validate = ajv.compile(type.schema);
  }

  /** @returns the first fault of the payload, or null */
  check(payload: Payload): Fault | null {
    if (this.validate(payload)) return null;
    const [error] = this.validate.errors as ErrorObject[];
    return new Fault('schema_violation', `/payload${pointerOf(error!)}`, messageOf(error!));
  }

  count(payload: Payload): Counted {
    const { name, dimensions, measures, session } = this.type;
    let seriesKey = name;
    for (const dimension of dimensions)
      seriesKey += `\u0001${dimensionValue(own(payload, dimension)) ?? '\u0002'}`;
    const values = new Array<number>(measures.length);
    for (let m = 0; m < measures.length; m++) {
      const value = own(payload, measures[m]!);
      values[m] = typeof value === 'number' ? value : Number.NaN;
    }
    const counted = { series: this.seriesOf(seriesKey, payload), seriesKey, values };
    return session ? { ...counted, sessionFact: this.sessionFact(payload) } : counted;
  }

  private seriesOf(key: string, payload: Payload): Series {
    const known = this.known.get(key);
    if (known) return known;
    const dimensions: Record<string, string> = {};
    for (const dimension of this.type.dimensions) {
      const value = dimensionValue(own(payload, dimension));
      if (value !== undefined) dimensions[dimension] = value;
    }
    const series = { type: this.type.name, dimensions, measures: this.type.measures };
    if (this.known.size < MAX_KNOWN_SERIES) this.known.set(key, series);
    return series;
  }

  private sessionFact(payload: Payload): SessionFact {
    const { talkedTime, device, ends } = this.type.session!;
    const seconds = talkedTime ? own(payload, talkedTime) : undefined;
    const name = device ? own(payload, device) : undefined;
    return {
      ...(typeof seconds === 'number' ? { talkedTime: seconds } : {}),
      ...(typeof name === 'string' ? { device: name } : {}),
      ...(ends ? { ends } : {}),
    };
  }
}

/** Ajv as every schema is compiled with: strict, stopping at the first fault. */
export const createAjv = () => new Ajv2020({ strict: true, allErrors: false, allowUnionTypes: true });

const own = (payload: Payload, key: string) => (Object.hasOwn(payload, key) ? payload[key] : undefined);

function pointerOf(error: ErrorObject): string {
  const missing = error.params.missingProperty as string | undefined;
  return missing === undefined ? error.instancePath : `${error.instancePath}/${missing}`;
}

function messageOf(error: ErrorObject): string {
  const allowed = error.params.allowedValues as unknown[] | undefined;
  return allowed ? `must be one of ${allowed.join(', ')}` : (error.message ?? 'does not fit the schema');
}

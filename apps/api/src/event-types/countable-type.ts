import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  extractDimensions,
  extractMeasures,
  extractSessionFact,
  own,
  type Payload,
  type Series,
  type SessionFact,
} from '#batch';
import { dimensionValue, type EventType } from '#catalog';
import { Fault } from '../http/input/fault.js';

/** The parts of a payload that are counted. */
export interface Counted {
  readonly series: Series;
  readonly values: number[];
  readonly sessionFact?: SessionFact;
}

/** Series objects that one type keeps for reuse; beyond, each event gets a new one. */
const MAX_KNOWN_SERIES = 10_000;

/** Series by dimension values, one level per dimension. */
type SeriesTree = Map<string | undefined, SeriesTree | Series>;

/** A catalog entry ready for use: its schema compiled, its series cached. */
export class CountableType {
  private readonly validate: ValidateFunction;
  private readonly known: SeriesTree = new Map();
  private knownCount = 0;

  constructor(
    readonly type: EventType,
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
    const { session } = this.type;
    const values = extractMeasures(this.type, payload);
    const series = this.seriesOf(payload);
    return session
      ? { series, values, sessionFact: extractSessionFact(session, payload) }
      : { series, values };
  }

  private seriesOf(payload: Payload): Series {
    const { dimensions } = this.type;
    if (dimensions.length === 0) return this.seriesAt(this.known, undefined, payload);
    let level = this.known;
    for (let d = 0; d < dimensions.length - 1; d++) {
      const value = dimensionValue(own(payload, dimensions[d]!));
      let next = level.get(value) as SeriesTree | undefined;
      if (!next) {
        next = new Map();
        if (this.knownCount < MAX_KNOWN_SERIES) level.set(value, next);
      }
      level = next;
    }
    return this.seriesAt(level, dimensionValue(own(payload, dimensions.at(-1)!)), payload);
  }

  /** The cached series, or a new one. */
  private seriesAt(level: SeriesTree, value: string | undefined, payload: Payload): Series {
    const known = level.get(value) as Series | undefined;
    if (known) return known;
    const dimensions = extractDimensions(this.type, payload);
    const { name, measures, revision } = this.type;
    const series = {
      type: name,
      dimensions,
      measures,
      ...(revision === undefined ? {} : { typeRevision: revision }),
    };
    if (this.knownCount < MAX_KNOWN_SERIES) {
      level.set(value, series);
      this.knownCount++;
    }
    return series;
  }
}

/** Ajv for all schemas: strict, stops at the first fault. */
export const createAjv = (options: Options = {}) =>
  new Ajv2020({ strict: true, allErrors: false, allowUnionTypes: true, ...options });

function pointerOf(error: ErrorObject): string {
  const missing = error.params.missingProperty as string | undefined;
  return missing === undefined ? error.instancePath : `${error.instancePath}/${missing}`;
}

function messageOf(error: ErrorObject): string {
  const allowed = error.params.allowedValues as unknown[] | undefined;
  return allowed ? `must be one of ${allowed.join(', ')}` : (error.message ?? 'does not fit the schema');
}

import { type DeltasByOrganization, gatherOthers, type SeriesDelta } from '#rollups';
import { AdmittedSeries } from './admitted-series.js';
import type { DaySeries, SeriesStore } from './series.store.js';

const DAY_SECONDS = 86_400;
/** Series that a worker caches, about 10 MB. */
const REMEMBERED = 100_000;

export interface Limited {
  readonly deltas: DeltasByOrganization;
  /** Events that are counted under `__other__`. */
  readonly others: number;
}

/**
 * Limits the series of an organization per type and day. The first ones are counted separately, on whichever
 * worker they arrive, and all others together: counts and sums over all of them stay exact.
 */
export class SeriesLimit {
  private readonly known = new AdmittedSeries(REMEMBERED);

  constructor(private readonly store: SeriesStore) {}

  /** @throws the server's error */
  async apply(deltas: DeltasByOrganization): Promise<Limited> {
    const unknown = new Map<string, DaySeries>();
    for (const [organizationId, { types }] of deltas) {
      for (const [type, rows] of types) this.collectUnknown(organizationId, type, rows, unknown);
    }
    if (unknown.size === 0) return { deltas, others: 0 };
    const refused = new Set<string>();
    const series = [...unknown.values()];
    for (const position of await this.store.admit(series)) refused.add(nameOf(series[position]!));
    for (const one of series) {
      if (!refused.has(nameOf(one))) this.known.add(scopeOf(one), one.dimensions);
    }
    return refused.size === 0 ? { deltas, others: 0 } : withOthers(deltas, refused);
  }

  private collectUnknown(
    organizationId: string,
    type: string,
    rows: readonly SeriesDelta[],
    unknown: Map<string, DaySeries>,
  ): void {
    let day = Number.NaN;
    let known: ReadonlySet<string> = new Set();
    for (const row of rows) {
      const own = dayOf(row);
      if (own !== day) {
        day = own;
        known = this.known.of(scopeOf({ organizationId, type, day }));
      }
      const dimensions = JSON.stringify(row.d);
      if (known.has(dimensions)) continue;
      const series = { organizationId, type, day, dimensions };
      unknown.set(nameOf(series), series);
    }
  }
}

function withOthers(deltas: DeltasByOrganization, refused: ReadonlySet<string>): Limited {
  let others = 0;
  const limited = [...deltas].map(([organizationId, delta]) => {
    const types = [...delta.types].map(([type, rows]) => {
      const isAdmitted = (row: SeriesDelta) => {
        const dimensions = JSON.stringify(row.d);
        if (!refused.has(nameOf({ organizationId, type, day: dayOf(row), dimensions }))) return true;
        others += row.c;
        return false;
      };
      return [type, gatherOthers(rows, isAdmitted)] as const;
    });
    return [organizationId, { ...delta, types: new Map(types) }] as const;
  });
  return { deltas: new Map(limited), others };
}

const dayOf = ({ t }: SeriesDelta) => Math.floor(t / DAY_SECONDS);

const scopeOf = ({ organizationId, type, day }: Omit<DaySeries, 'dimensions'>) =>
  `${organizationId} ${day} ${type}`;

const nameOf = (series: DaySeries) => `${scopeOf(series)} ${series.dimensions}`;

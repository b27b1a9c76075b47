import { DURATION_BOUNDS as BOUNDS } from '#performance';

export type Labels = Readonly<Record<string, string>>;

/** Number of requests with these labels. */
export interface RequestTotal {
  readonly labels: Labels;
  readonly value: number;
}

/** Histogram of how long the requests of a route and method took. */
export interface DurationHistogram {
  readonly labels: Labels;
  /** Cumulative, as in Prometheus: requests that took at most `le` seconds, up to `+Inf`. */
  readonly buckets: readonly { readonly le: string; readonly count: number }[];
  /** Seconds, of all requests together. */
  readonly sum: number;
  readonly count: number;
}

/** Requests of a route and method, as sums that add up over processes. */
export interface RouteSum {
  readonly route: string;
  readonly method: string;
  /** That all of them took together. */
  readonly seconds: number;
  /** For each bound, how many took at most so long; then all. */
  readonly upTo: readonly number[];
}

/** Requests of one route and method. */
class RouteCounts {
  readonly statuses = new Map<number, number>();
  /** Requests by bucket, not cumulative; the last bucket is for those above all bounds. */
  readonly buckets = Array<number>(BOUNDS.length + 1).fill(0);
  sum = 0;
}

/** Counts requests by route, method and status, and how long they took. */
export class RequestCounts {
  private readonly routes = new Map<string, Map<string, RouteCounts>>();

  /** @param route template of the path, never the path itself */
  add(route: string, method: string, status: number, seconds: number): void {
    const counts = this.countsOf(route, method);
    counts.statuses.set(status, (counts.statuses.get(status) ?? 0) + 1);
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
    counts.buckets[bucket]!++;
    counts.sum += seconds;
  }

  totals(): RequestTotal[] {
    return this.all().flatMap(({ route, method, counts }) =>
      [...counts.statuses].map(([status, value]) => ({
        labels: { route, method, status: String(status) },
        value,
      })),
    );
  }

  durations(): DurationHistogram[] {
    return this.all().map(({ route, method, counts }) => {
      const upTo = cumulative(counts.buckets);
      const buckets = upTo.map((count, i) => ({ le: i < BOUNDS.length ? String(BOUNDS[i]) : '+Inf', count }));
      return { labels: { route, method }, buckets, sum: counts.sum, count: upTo.at(-1)! };
    });
  }

  /** The routes and methods that are `wanted`, one by one. */
  sums(wanted: (route: string, method: string) => boolean): RouteSum[] {
    return this.all()
      .filter(({ route, method }) => wanted(route, method))
      .map(({ route, method, counts }) => ({
        route,
        method,
        seconds: counts.sum,
        upTo: cumulative(counts.buckets),
      }));
  }

  /** Number and duration of the requests whose route and method are `wanted`. */
  sum(wanted: (route: string, method: string) => boolean): {
    readonly count: number;
    readonly seconds: number;
  } {
    let [count, seconds] = [0, 0];
    for (const [route, methods] of this.routes) {
      for (const [method, { statuses, sum }] of methods) {
        if (!wanted(route, method)) continue;
        for (const requests of statuses.values()) count += requests;
        seconds += sum;
      }
    }
    return { count, seconds };
  }

  private countsOf(route: string, method: string): RouteCounts {
    const methods = this.routes.get(route) ?? put(this.routes, route, new Map<string, RouteCounts>());
    return methods.get(method) ?? put(methods, method, new RouteCounts());
  }

  private all(): { route: string; method: string; counts: RouteCounts }[] {
    return [...this.routes].flatMap(([route, methods]) =>
      [...methods].map(([method, counts]) => ({ route, method, counts })),
    );
  }
}

/** Each number with all before it. */
function cumulative(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => (sum += number));
}

function put<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

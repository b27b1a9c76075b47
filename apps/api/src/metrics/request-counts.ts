/** Upper bounds of the histogram's buckets, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

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
    return this.all().flatMap(({ labels, counts }) =>
      [...counts.statuses].map(([status, value]) => ({
        labels: { ...labels, status: String(status) },
        value,
      })),
    );
  }

  durations(): DurationHistogram[] {
    return this.all().map(({ labels, counts }) => {
      let count = 0;
      const buckets = counts.buckets.map((requests, bucket) => {
        count += requests;
        return { le: bucket < BOUNDS.length ? String(BOUNDS[bucket]) : '+Inf', count };
      });
      return { labels, buckets, sum: counts.sum, count };
    });
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

  private all(): { labels: Labels; counts: RouteCounts }[] {
    return [...this.routes].flatMap(([route, methods]) =>
      [...methods].map(([method, counts]) => ({ labels: { route, method }, counts })),
    );
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

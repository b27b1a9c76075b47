/** Upper ends of the buckets, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export type Labels = Readonly<Record<string, string>>;

/** A number of requests. */
export interface Total {
  readonly labels: Labels;
  readonly value: number;
}

/** How long the requests of a route and method took. */
export interface Durations {
  readonly labels: Labels;
  /** How many took no longer than `le` seconds, from the least to `+Inf`. */
  readonly buckets: readonly { readonly le: string; readonly count: number }[];
  /** Seconds, of all together. */
  readonly sum: number;
  readonly count: number;
}

/** Requests of one route and method. */
class Series {
  readonly statuses = new Map<number, number>();
  /** How many took longer than the bound before and no longer than this one; the last, longer than all bounds. */
  readonly between = Array<number>(BOUNDS.length + 1).fill(0);
  sum = 0;
}

/** Requests by the template of their route, method and status, and how long they took. */
export class RequestCounts {
  private readonly routes = new Map<string, Map<string, Series>>();

  /** @param route template of the path, never the path itself */
  add(route: string, method: string, status: number, seconds: number): void {
    const series = this.seriesOf(route, method);
    series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
    let place = 0;
    while (place < BOUNDS.length && seconds > BOUNDS[place]!) place++;
    series.between[place]!++;
    series.sum += seconds;
  }

  totals(): Total[] {
    return this.all().flatMap(({ labels, series }) =>
      [...series.statuses].map(([status, value]) => ({
        labels: { ...labels, status: String(status) },
        value,
      })),
    );
  }

  durations(): Durations[] {
    return this.all().map(({ labels, series }) => {
      let count = 0;
      const buckets = series.between.map((requests, place) => {
        count += requests;
        return { le: place < BOUNDS.length ? String(BOUNDS[place]) : '+Inf', count };
      });
      return { labels, buckets, sum: series.sum, count };
    });
  }

  private seriesOf(route: string, method: string): Series {
    const methods = this.routes.get(route) ?? put(this.routes, route, new Map<string, Series>());
    return methods.get(method) ?? put(methods, method, new Series());
  }

  private all(): { labels: Labels; series: Series }[] {
    return [...this.routes].flatMap(([route, methods]) =>
      [...methods].map(([method, series]) => ({ labels: { route, method }, series })),
    );
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

import { Random } from '../../../test/support/random.js';
import { type AlertTiming, nextAlert, type OpenAlert, type Telling } from './next-alert.js';

/** An evaluation: when, and what it found. */
interface Evaluation {
  readonly now: number;
  readonly holds: boolean | null;
  readonly silencedUntil: number | null;
}
type Told = readonly [now: number, tells: Telling];

function run(evaluations: readonly Evaluation[], timing: Omit<AlertTiming, 'silencedUntil'>): Told[] {
  const told: Told[] = [];
  let alert: OpenAlert | null = null;
  for (const { now, holds, silencedUntil } of evaluations) {
    const step = nextAlert(alert, holds, { ...timing, silencedUntil }, now);
    ({ alert } = step);
    if (step.tells) told.push([now, step.tells]);
  }
  return told;
}

/**
 * The same from the whole series at once, without a state: unknown evaluations are left out, the rest is cut into stretches
 * in which the condition holds, and each stretch is told by itself.
 */
function model(evaluations: readonly Evaluation[], { forMs, repeatMs }: Omit<AlertTiming, 'silencedUntil'>) {
  const known = evaluations.filter(({ holds }) => holds !== null);
  const told: Told[] = [];
  for (let i = 0; i < known.length; i++) {
    if (!known[i]!.holds || known[i - 1]?.holds) continue;
    const end = known.findIndex(({ holds }, j) => j > i && !holds);
    const stretch = known.slice(i, end < 0 ? undefined : end);
    const loud = stretch.filter(
      ({ now, silencedUntil }) => now >= stretch[0]!.now + forMs && now >= (silencedUntil ?? 0),
    );
    const instants: number[] = [];
    for (const { now } of loud) {
      if (instants.length === 0 || (repeatMs !== null && now >= instants.at(-1)! + repeatMs))
        instants.push(now);
    }
    told.push(...instants.map((now, n): Told => [now, n === 0 ? 'firing' : 'repeated']));
    if (instants.length > 0 && end >= 0) told.push([known[end]!.now, 'resolved']);
  }
  return told;
}

const MINUTE = 60_000;
const at = (minute: number, holds: boolean | null, silencedUntil: number | null = null): Evaluation => ({
  ...{ now: minute * MINUTE, holds, silencedUntil: silencedUntil && silencedUntil * MINUTE },
});

describe('an alert', () => {
  it('is told like a model that sees the whole series at once', () => {
    const random = Random.announced('series of values');
    for (let i = 0; i < 3000; i++) {
      const timing = {
        forMs: random.pick([0, 0, 1, 3, 7]) * MINUTE,
        repeatMs: random.pick([null, 1, 2, 5]),
      };
      const repeatMs = timing.repeatMs && timing.repeatMs * MINUTE;
      const stays = random.next();
      let now = 0;
      let holds: boolean = random.chance(0.5);
      let silencedUntil: number | null = null;
      const evaluations = Array.from({ length: random.integer(1, 40) }, () => {
        now += random.integer(1, 3 * MINUTE);
        if (!random.chance(stays)) holds = !holds;
        if (random.chance(0.1)) silencedUntil = now + random.integer(-2, 10) * MINUTE;
        return { now, holds: random.chance(0.1) ? null : holds, silencedUntil };
      });
      const wanted = model(evaluations, { ...timing, repeatMs });
      expect([i, run(evaluations, { ...timing, repeatMs })]).toEqual([i, wanted]);
    }
  });

  it('fires once it has held for long enough, is repeated, and resolved', () => {
    const series = [0, 1, 2, 3, 4, 5].map((minute) => at(minute, minute < 5));
    expect(run(series, { forMs: 2 * MINUTE, repeatMs: 2 * MINUTE })).toEqual([
      [2 * MINUTE, 'firing'],
      [4 * MINUTE, 'repeated'],
      [5 * MINUTE, 'resolved'],
    ]);
  });

  it('is not told when it ends before it fires', () => {
    expect(run([at(0, true), at(1, true), at(2, false)], { forMs: 5 * MINUTE, repeatMs: null })).toEqual([]);
  });

  it('is first told when its silence ends, and only then resolved', () => {
    const timing = { forMs: 0, repeatMs: null };
    expect(run([at(0, true, 3), at(1, true, 3), at(3, true, 3), at(4, false)], timing)).toEqual([
      [3 * MINUTE, 'firing'],
      [4 * MINUTE, 'resolved'],
    ]);
    expect(run([at(0, true, 3), at(1, false, 3)], timing)).toEqual([]);
  });

  it('stays as it is while nobody knows', () => {
    const timing = { forMs: 0, repeatMs: MINUTE };
    expect(run([at(0, true), at(1, null), at(2, null), at(3, false)], timing)).toEqual([
      [0, 'firing'],
      [3 * MINUTE, 'resolved'],
    ]);
  });
});

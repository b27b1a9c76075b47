import { DeltaSchedule } from './delta-schedule.js';

const group = (type: string | null, bytes: number) => ({ organizationId: 'a', type, bytes });
const small = group('small', 1000);
const large = group('large', 1_000_000);

describe('DeltaSchedule', () => {
  it('compacts large groups in every round, and small ones in every tenth', () => {
    const schedule = new DeltaSchedule();
    const rounds = Array.from({ length: 20 }, () => schedule.due([small, large]));
    const roundsOfSmall = rounds.flatMap((due, round) => (due.includes(small) ? [round] : []));
    expect(roundsOfSmall).toEqual([9, 19]);
    expect(rounds.every((due) => due.includes(large))).toBe(true);
  });

  it('starts over for a group that was gone, and keeps groups separate', () => {
    const schedule = new DeltaSchedule();
    const activity = group(null, 10);
    for (let round = 0; round < 8; round++) schedule.due([small, activity]);
    schedule.due([activity]);
    expect(schedule.due([small, activity])).toEqual([activity]);
  });
});

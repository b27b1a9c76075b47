import { PileSchedule } from './delta-schedule.js';

const pile = (type: string | null, bytes: number) => ({ organizationId: 'a', type, bytes });
const small = pile('small', 1000);
const large = pile('large', 1_000_000);

describe('PileSchedule', () => {
  it('takes what is large at once, and what is small with every tenth round', () => {
    const schedule = new PileSchedule();
    const rounds = Array.from({ length: 20 }, () => schedule.due([small, large]));
    const taken = rounds.flatMap((due, round) => (due.includes(small) ? [round] : []));
    expect(taken).toEqual([9, 19]);
    expect(rounds.every((due) => due.includes(large))).toBe(true);
  });

  it('begins anew with a pile that was gone, and tells piles apart', () => {
    const schedule = new PileSchedule();
    const activity = pile(null, 10);
    for (let round = 0; round < 8; round++) schedule.due([small, activity]);
    schedule.due([activity]);
    expect(schedule.due([small, activity])).toEqual([activity]);
  });
});

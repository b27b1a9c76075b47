import { intervalSchedule, parseSchedule } from '../../../../../libs/jobs/schedule.js';
import { dueSlot } from './due-slot.js';

const at = (time: string) => Date.parse(`2026-11-27T${time}Z`);

it.each([
  ['within its two minutes', '09:00', '10:01:59.999', undefined],
  ['after them', '09:00', '10:02', '10:00'],
  ['when it is done', '10:00', '10:59', undefined],
  ['with several missed, the latest', '05:00', '10:30', '10:00'],
  ['when the job is new', '10:17', '10:59', undefined],
])('dueSlot of an hourly job, %s', (_name, since, now, expected) => {
  const slot = dueSlot(parseSchedule('0 * * * *'), at(since), at(now));
  expect(slot).toBe(expected && at(expected));
});

it('dueSlot of an interval', () => {
  expect(dueSlot(intervalSchedule(30), at('10:00'), at('10:02:29'))).toBeUndefined();
  expect(dueSlot(intervalSchedule(30), at('10:00'), at('10:02:30'))).toBe(at('10:00:30'));
});

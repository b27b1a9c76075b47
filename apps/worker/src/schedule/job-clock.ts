import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { RepeatedWork } from '#jobs';
import { Scheduler } from './scheduler.js';

/** Ticks of the scheduler; a slot is enqueued within this time. */
const TICK_MS = 1000;

/** Drives the scheduler. */
@Injectable()
export class JobClock {
  private readonly ticks: RepeatedWork;

  constructor(scheduler: Scheduler) {
    this.ticks = new RepeatedWork(() => scheduler.tick(), new Logger('Scheduler'));
  }

  @Interval(TICK_MS)
  tick(): Promise<void> {
    return this.ticks.run();
  }
}

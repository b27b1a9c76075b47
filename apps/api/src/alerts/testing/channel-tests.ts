import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type AlertMessage } from '#alerts';
import type { Actor } from '#identity';
import { Problem } from '../../http/problem.js';
import { TestNotificationsStore, type TestResult } from './test-notifications.store.js';

/** Workers look every second, and a channel takes ten at most, unless it is a mail server. */
const LONGEST_MS = 15_000;
const LOOK_EVERY_MS = 250;

/** Tries channels the way alerts go: through the outbox and a worker. The API itself posts nowhere. */
@Injectable()
export class ChannelTests {
  constructor(private readonly store: TestNotificationsStore) {}

  /**
   * Sends a test, and waits for what each channel says.
   * @param channels names; null: all
   * @throws Problem 409 `too_many_tests` while others wait
   */
  async run(
    actor: Actor,
    message: AlertMessage,
    organizationId: string,
    channels: readonly string[] | null,
  ): Promise<TestResult[]> {
    const ids = await this.store.add(actor, message, organizationId, channels);
    if (ids === null)
      throw new Problem(409, 'too_many_tests', 'Other tests wait to be sent: see whether a worker runs');
    for (const until = Date.now() + LONGEST_MS; ; ) {
      const results = await this.store.results(organizationId, ids);
      if (results.every(({ status }) => status !== 'waiting') || Date.now() >= until) return results;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

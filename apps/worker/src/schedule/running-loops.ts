import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import { Loop, type LoopDefinition, type Token } from '#jobs';

/** Starts the loops with the process, and stops them with it. */
export class RunningLoops
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private loops: readonly Loop[] = [];
  private stopped: Promise<unknown> = Promise.resolve();

  /** @param provider looks up what is injected */
  constructor(
    private readonly definitions: readonly LoopDefinition[],
    private readonly provider: (token: Token) => unknown,
  ) {}

  onApplicationBootstrap(): void {
    this.loops = this.definitions.map((definition) => {
      const injected = definition.inject.map(this.provider);
      return new Loop({ ...definition, run: (context) => definition.run(context, ...injected) });
    });
    for (const loop of this.loops) loop.start();
  }

  /** Current runs end while the workers of the queues are being closed. */
  beforeApplicationShutdown(): void {
    this.stopped = Promise.all(this.loops.map((loop) => loop.stop()));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}

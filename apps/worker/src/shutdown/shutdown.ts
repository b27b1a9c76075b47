import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Its signal aborts when the process is about to end. */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  beforeApplicationShutdown(): void {
    this.controller.abort();
  }
}

import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** What Prometheus is told of events at the way in. */
@Injectable()
export class EventMetrics {
  private acceptedEvents = 0;
  private readonly rejectedEvents = new Map<string, number>();

  constructor(registry: Registry) {
    const { rejectedEvents } = this;
    const total = () => this.acceptedEvents;
    new Counter({
      name: 'millrace_events_accepted_total',
      help: 'Events that are durable in the queue',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(total());
      },
    });
    new Counter({
      name: 'millrace_events_rejected_total',
      help: 'Events that are not valid, by code',
      labelNames: ['code'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [code, events] of rejectedEvents) this.inc({ code }, events);
      },
    });
  }

  accepted(events: number): void {
    this.acceptedEvents += events;
  }

  rejected(rejections: readonly { readonly code: string }[]): void {
    for (const { code } of rejections) {
      this.rejectedEvents.set(code, (this.rejectedEvents.get(code) ?? 0) + 1);
    }
  }
}

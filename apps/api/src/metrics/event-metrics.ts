import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** Counts accepted and rejected events for Prometheus. */
@Injectable()
export class EventMetrics {
  private readonly acceptedTotal: Counter;
  private readonly rejectedTotal: Counter<'code'>;

  constructor(registry: Registry) {
    this.acceptedTotal = new Counter({
      name: 'millrace_events_accepted_total',
      help: 'Events written durably to the queue',
      registers: [registry],
    });
    this.rejectedTotal = new Counter({
      name: 'millrace_events_rejected_total',
      help: 'Rejected events by code',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  accepted(events: number): void {
    this.acceptedTotal.inc(events);
  }

  rejected(rejections: readonly { readonly code: string }[]): void {
    for (const { code } of rejections) this.rejectedTotal.inc({ code });
  }
}

import { Injectable } from '@nestjs/common';
import type { Principal } from '#identity';
import { EventTypeRegistry } from '../../../event-types/event-type-registry.js';
import type { ProblemError } from '../../../http/problem.js';
import type { Reader } from '../../tenant-reads/reader.js';
import { FunnelReadModel } from './funnel.read-model.js';
import { readFunnel } from './read-funnel.js';
import { type Funnel, renderFunnel } from './render-funnel.js';

/** Answers questions about funnels. */
@Injectable()
export class FunnelService {
  constructor(
    private readonly types: EventTypeRegistry,
    private readonly funnels: FunnelReadModel,
  ) {}

  /**
   * @param raw parameters, with steps as objects
   * @param refuse makes the problem that names every fault
   */
  async answer(
    principal: Principal,
    reader: Reader,
    raw: Readonly<Record<string, unknown>>,
    refuse: (errors: readonly ProblemError[]) => Error,
  ): Promise<Funnel> {
    const read = readFunnel(raw, await this.types.of(principal), Date.now());
    if ('errors' in read) throw refuse(read.errors);
    return renderFunnel(read.question, await this.funnels.reached(reader, read.question));
  }
}

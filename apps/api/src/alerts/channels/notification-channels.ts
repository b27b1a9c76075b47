import { Injectable } from '@nestjs/common';
import { type AuthenticatedRequest, actorOf } from '../../http/authenticated-request.js';
import { readObject } from '../../http/input/read-body.js';
import { Problem } from '../../http/problem.js';
import { ChannelsStore } from './channels.store.js';
import { readChannels } from './read-channels.js';

/** The channels of the caller: of an organization, or of the installation's operator. */
@Injectable()
export class NotificationChannels {
  constructor(private readonly store: ChannelsStore) {}

  async list({ principal }: AuthenticatedRequest) {
    return { data: await this.store.all(principal.organizationId), next_cursor: null };
  }

  /** @throws Problem 400 `invalid_body`, 409 `channel_in_use` */
  async replace(request: AuthenticatedRequest) {
    const { organizationId } = request.principal;
    const known = new Map((await this.store.all(organizationId)).map(({ name, kind }) => [name, kind]));
    const drafts = readChannels(readObject(request.body), known);
    const saved = await this.store.replace(actorOf(request), organizationId, drafts);
    if ('rules' in saved) {
      const names = saved.rules.join(', ');
      throw new Problem(
        409,
        'channel_in_use',
        `Alert rules name channels that are not in the list: ${names}`,
      );
    }
    return { data: saved };
  }
}

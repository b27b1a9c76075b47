import { signature } from '../outbound/signature.js';
import type { ChannelKind } from './channel-kind.js';
import { faultInUrl, shownServer } from './web-target.js';

/** Posts the message as JSON, signed with the channel's secret. */
export const webhook: ChannelKind = {
  name: 'webhook',
  target: 'URL that gets a signed POST',
  signs: true,
  faultIn: faultInUrl,
  shown: shownServer,
  send({ id, message, target, secret, now }, { post }) {
    const body = JSON.stringify({ id, ...message });
    const signed = { 'millrace-signature': signature(secret ?? '', body, Math.floor(now / 1000)) };
    return post.send({ url: target, body, headers: signed });
  },
};

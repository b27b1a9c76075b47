import { linesOf, titleOf } from '../message/alert-message.js';
import type { ChannelKind } from './channel-kind.js';
import { faultInUrl, shownServer } from './web-target.js';

/** The characters with a meaning in Slack's text. */
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Characters that Slack shows of a section. */
const MAX_TEXT = 3000;

const escaped = (text: string) => text.replace(/[&<>]/g, (character) => ESCAPED[character]!);

/** Posts to an incoming webhook of Slack, or of whatever understands its bodies. */
export const slack: ChannelKind = {
  name: 'slack',
  target: 'URL of an incoming webhook',
  signs: false,
  faultIn: faultInUrl,
  shown: shownServer,
  send({ message, target }, { post }) {
    const title = escaped(titleOf(message));
    const lines = linesOf(message).map(escaped);
    const text = [`*${title}*`, ...lines].join('\n');
    const body = {
      text: title,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, MAX_TEXT) } }],
    };
    return post.send({ url: target, body: JSON.stringify(body) });
  },
};

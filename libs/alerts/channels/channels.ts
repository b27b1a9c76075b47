/** Every kind of channel, one per line. */
export { mail } from './mail.channel.js';
export { slack } from './slack.channel.js';
export { webhook } from './webhook.channel.js';

import { CHANNEL_KINDS } from '#alerts';
import { described, flag, instant, listOf, oneOf, record, text } from '../../http/openapi/schema.js';
import type { Channel, SavedChannel } from './channels.store.js';
import { MAX_CHANNELS, MAX_NAME } from './limits.js';

const KINDS = [...CHANNEL_KINDS.values()];
const targets = KINDS.map(({ name, target }) => `\`${name}\`: ${target}.`).join(' ');

const name = { ...text, minLength: 1, maxLength: MAX_NAME, examples: ['ops'] };
const kind = { ...oneOf(KINDS.map(({ name }) => name)), examples: ['webhook'] };
const shown = described(
  { ...text, examples: ['https://example.com/…'] },
  'Of a URL only the server: the rest may be a secret.',
);

const channel = { name, kind, target: shown, updated_at: instant };

/** A channel in API responses. */
export const channelSchema = record<Channel>('NotificationChannel', channel);

const savedSchema = record<SavedChannel>(
  'SavedNotificationChannel',
  {
    ...channel,
    secret: described(
      { ...text, examples: ['<secret>'] },
      'With which the channel signs. Shown only now, when it is new.',
    ),
  },
  ['secret'],
);

/** Answer to `PUT /v1/notification-channels`. */
export const savedChannelsSchema = record<{ data: unknown }>('SavedNotificationChannels', {
  data: listOf(savedSchema),
});

/** Body of `PUT /v1/notification-channels`. */
export const channelsBody = {
  type: 'object',
  required: ['channels'],
  properties: {
    channels: {
      type: 'array',
      maxItems: MAX_CHANNELS,
      items: {
        type: 'object',
        required: ['name', 'kind'],
        properties: {
          ...{ name, kind },
          target: {
            ...text,
            description: `${targets} A channel that is there keeps its target when none is sent.`,
          },
          rotate_secret: { ...flag, description: 'Gives a channel that signs a new secret.' },
        },
      },
    },
  },
};

export const CHANNELS = {
  channels: [
    { name: 'ops', kind: 'webhook', target: 'https://example.com/alerts' },
    { name: 'chat', kind: 'slack', target: 'https://hooks.slack.com/services/T0/B0/x' },
    { name: 'lead', kind: 'mail', target: 'lead@example.com' },
  ],
};

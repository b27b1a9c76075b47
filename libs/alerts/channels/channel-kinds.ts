import type { ChannelKind } from './channel-kind.js';
import * as list from './channels.js';

/** The kinds of channels by their names. */
export const CHANNEL_KINDS: ReadonlyMap<string, ChannelKind> = new Map(
  Object.values(list).map((kind) => [kind.name, kind]),
);

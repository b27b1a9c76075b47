import { isBoolean } from 'class-validator';
import { CHANNEL_KINDS } from '#alerts';
import { isText } from '../../http/input/is-text.js';
import { invalidBody } from '../../http/input/read-body.js';
import type { ProblemError } from '../../http/problem.js';
import { MAX_CHANNELS, MAX_NAME, ONE_LINE } from './limits.js';

/** A channel as a body names it. */
export interface ChannelDraft {
  readonly name: string;
  readonly kind: string;
  /** Absent: that of the channel with this name. */
  readonly target?: string;
  readonly rotate_secret?: boolean;
}

const FIELDS = ['name', 'kind', 'target', 'rotate_secret'];

/**
 * Reads the list of channels from a body. Pure.
 * @param known kinds of the channels that there are, by name
 * @throws Problem 400 `invalid_body` naming every faulty field, such as `channels/0/target`
 */
export function readChannels(
  { channels, ...others }: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, string>,
): ChannelDraft[] {
  const unknown = Object.keys(others).map((path) => ({ path, message: 'unknown field' }));
  if (!Array.isArray(channels) || channels.length > MAX_CHANNELS) {
    throw invalidBody([
      ...unknown,
      { path: 'channels', message: `channels must be a list of at most ${MAX_CHANNELS} channels` },
    ]);
  }
  const names = channels.map((channel) => Object(channel).name as unknown);
  const errors = channels.flatMap((channel, i) =>
    [
      ...faultsIn(channel, known),
      ...(names.indexOf(names[i]) < i ? [{ path: 'name', message: 'another channel has this name' }] : []),
    ].map(({ path, message }) => ({
      path: path === '' ? `channels/${i}` : `channels/${i}/${path}`,
      message,
    })),
  );
  if (unknown.length + errors.length > 0) throw invalidBody([...unknown, ...errors]);
  return channels as ChannelDraft[];
}

function faultsIn(channel: unknown, known: ReadonlyMap<string, string>): ProblemError[] {
  if (typeof channel !== 'object' || channel === null || Array.isArray(channel)) {
    return [{ path: '', message: 'must be an object' }];
  }
  const { name, kind, target, rotate_secret = false } = channel as Record<string, unknown>;
  const fault = (isSo: boolean, path: string, message: string) => (isSo ? [{ path, message }] : []);
  const found = CHANNEL_KINDS.get(String(kind));
  const isNamed = isText(name, MAX_NAME) && ONE_LINE.test(name);
  const isKept = target === undefined && isNamed && known.get(name) === kind;
  const inTarget = isKept
    ? null
    : typeof target === 'string'
      ? (found?.faultIn(target) ?? null)
      : 'is required';
  return [
    ...Object.keys(channel)
      .filter((path) => !FIELDS.includes(path))
      .map((path) => ({ path, message: 'unknown field' })),
    ...fault(!isNamed, 'name', `name must be one line of 1 to ${MAX_NAME} characters`),
    ...fault(!found, 'kind', `kind must be one of ${[...CHANNEL_KINDS.keys()].join(', ')}`),
    ...fault(inTarget !== null, 'target', `target ${inTarget}`),
    ...fault(!isBoolean(rotate_secret), 'rotate_secret', 'rotate_secret must be a boolean'),
  ];
}

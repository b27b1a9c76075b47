/** Channels of an organization. */
export const MAX_CHANNELS = 20;

/** Characters in the name of a channel or rule. */
export const MAX_NAME = 100;

/** Names stand in subjects of mails. */
export const ONE_LINE = /^[^\p{Cc}\u2028\u2029]*$/u;

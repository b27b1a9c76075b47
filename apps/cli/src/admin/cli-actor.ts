import type { Actor } from '#identity';

/** Whom the audit log names for what was done on the command line. */
export const CLI: Actor = { subject: 'cli', clientAddress: null };

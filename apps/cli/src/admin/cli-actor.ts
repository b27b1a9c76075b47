import type { Actor } from '#identity';

/** The command line, as the audit log names it. */
export const CLI: Actor = { subject: 'cli', clientAddress: null };

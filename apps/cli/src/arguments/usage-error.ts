/** The command was called wrongly. The message says what is wrong and how to call it. */
export class UsageError extends Error {}

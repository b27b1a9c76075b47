/** The command was not called as it should be; the message says what is wrong and how to call it. */
export class UsageError extends Error {}

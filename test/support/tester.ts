/** Whom the audit log names for what tests set up. */
export const TESTER = { subject: 'test', clientAddress: null };

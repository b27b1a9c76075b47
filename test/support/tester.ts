/** The tests' set-up, as the audit log names it. */
export const TESTER = { subject: 'test', clientAddress: null };

/** The set-up of the tests, as named in the audit log. */
export const TESTER = { subject: 'test', clientAddress: null };

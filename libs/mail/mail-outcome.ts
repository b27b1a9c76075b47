import type { MailOutcome } from './mail.js';

/** Faults of one mail: its recipient, or its content. All others are faults of the server or of its settings. */
const FAULTS_OF_THE_MAIL = ['EENVELOPE', 'EMESSAGE'];

/**
 * What an error of nodemailer says about a mail. A reply of 500 and more is final (RFC 5321, 4.2.1), but not when signing
 * in was refused: then the settings are wrong, and an operator can correct them.
 */
export function outcomeOfError(error: unknown): MailOutcome {
  const { code, responseCode, message } = error as Error & { code?: string; responseCode?: number };
  const faultOf = FAULTS_OF_THE_MAIL.includes(code ?? '') ? 'mail' : 'server';
  const isFinal = faultOf === 'mail' && (responseCode ?? 0) >= 500;
  return { status: isFinal ? 'refused' : 'deferred', reason: message, faultOf };
}

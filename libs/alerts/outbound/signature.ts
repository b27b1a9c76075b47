import { createHmac } from 'node:crypto';

/**
 * The header `Millrace-Signature` of a body. Receivers compute it again, and refuse a body whose instant is long past. Pure.
 * @param secret of the channel
 * @param seconds since the epoch
 */
export function signature(secret: string, body: string, seconds: number): string {
  const hash = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${hash}`;
}

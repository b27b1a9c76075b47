import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';

/** Default claims of test tokens. */
export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'millrace';

type Header = Readonly<Record<string, unknown>>;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const seconds = () => Math.floor(Date.now() / 1000);

/** A valid payload with changes; `undefined` removes a claim. */
export const claims = (organizationId: string, changes: JWTPayload = {}): JWTPayload =>
  JSON.parse(
    JSON.stringify({
      sub: 'someone',
      organization_id: organizationId,
      role: 'viewer',
      iss: ISSUER,
      aud: AUDIENCE,
      exp: seconds() + 300,
      ...changes,
    }),
  );

/** A correctly signed token. */
export const sign = (
  payload: JWTPayload,
  key: KeyObject | Uint8Array,
  header: { alg: string; kid?: string },
) => new SignJWT(payload).setProtectedHeader(header).sign(key);

/** Any header and payload, with an HMAC signature or none. */
export function assemble(header: Header, payload: JWTPayload, secret?: string | Buffer): string {
  const signed = `${part(header)}.${part(payload)}`;
  const signature = secret ? createHmac('sha256', secret).update(signed).digest('base64url') : '';
  return `${signed}.${signature}`;
}

export const rsaKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ecKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

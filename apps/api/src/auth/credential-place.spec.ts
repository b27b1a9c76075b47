import type { FastifyRequest } from 'fastify';
import {
  basicCredential,
  bodyCredential,
  type CredentialPlace,
  headerCredential,
  nativeCredential,
  queryCredential,
  schemeCredential,
} from './credential-place.js';
import { CredentialPlaces } from './credential-places.js';

const request = (parts: { headers?: object; query?: object; body?: unknown }) =>
  ({ headers: {}, query: {}, ...parts }) as unknown as FastifyRequest;
const authorization = (value: string) => request({ headers: { authorization: value } });
const basic = (pair: string) => authorization(`Basic ${Buffer.from(pair).toString('base64')}`);

describe('a credential', () => {
  const cases: [string, CredentialPlace, FastifyRequest, string | undefined][] = [
    ['X-API-Key', nativeCredential, request({ headers: { 'x-api-key': 'k' } }), 'k'],
    ['Bearer', nativeCredential, authorization('bearer  k'), 'k'],
    [
      'Bearer beside an empty X-API-Key',
      nativeCredential,
      request({ headers: { 'x-api-key': '', authorization: 'Bearer k' } }),
      'k',
    ],
    ['another scheme', nativeCredential, authorization('Splunk k'), undefined],
    ['no scheme', nativeCredential, authorization('k'), undefined],
    ['Splunk', schemeCredential('Splunk'), authorization('Splunk k'), 'k'],
    ['Token, in capitals', schemeCredential('Token'), authorization('TOKEN k'), 'k'],
    ['a scheme that only begins like it', schemeCredential('Token'), authorization('Tokens k'), undefined],
    ['a scheme alone', schemeCredential('Token'), authorization('Token '), undefined],
    ['a named header', headerCredential('DD-API-KEY'), request({ headers: { 'dd-api-key': 'k' } }), 'k'],
    ['a user name', basicCredential('username'), basic('k:'), 'k'],
    ['a password', basicCredential('password'), basic('any:k:l'), 'k:l'],
    ['no password', basicCredential('password'), basic('k:'), undefined],
    ['no pair', basicCredential('password'), basic('k'), undefined],
    ['a query parameter', queryCredential('key'), request({ query: { key: 'k' } }), 'k'],
    ['two query parameters', queryCredential('key'), request({ query: { key: ['k', 'l'] } }), undefined],
    ['the body', bodyCredential('key', String), request({ body: Buffer.from('k') }), 'k'],
    ['a body that has not been read', bodyCredential('key', String), request({}), undefined],
  ];
  it.each(cases)('is read from its place: %s', (_what, place, given, expected) => {
    expect(place.find(given)).toBe(expected);
  });
});

describe('credential places', () => {
  const places = new CredentialPlaces([schemeCredential('Splunk'), queryCredential('token')]);

  it('are tried in order', () => {
    expect(places.find(request({ headers: { authorization: 'Splunk a' }, query: { token: 'b' } }))).toBe('a');
    expect(places.find(request({ query: { token: 'b' } }))).toBe('b');
    expect(places.find(request({}))).toBeUndefined();
  });

  it('name in a 401 where to send the credential', () => {
    expect(places.missing()).toMatchObject({
      status: 401,
      message: 'Send an API key in the header Authorization: Splunk <key>, or as query parameter token',
      headers: { 'www-authenticate': 'Splunk realm="millrace"' },
    });
    expect(new CredentialPlaces([nativeCredential]).invalid().headers).toEqual({
      'www-authenticate': 'Bearer realm="millrace"',
    });
  });
});

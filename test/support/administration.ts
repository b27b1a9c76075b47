import { type Answer, bytesOf, type HttpClient } from './http-client.js';

export type Body = Record<string, unknown>;

/** Response of an administrative call. */
export const bodyOf = (answer: Answer) => answer.body as unknown as Body;

/** The rows of a list. */
export const dataOf = (answer: Answer) => bodyOf(answer).data as Body[];

/** The distinct fields named in a problem document. */
export const faultyFields = (answer: Answer) => [
  ...new Set(answer.body.errors?.map(({ path }) => path).sort()),
];

/** Calls with the admin key of one organization, or with another key. */
export const administratorOf =
  (client: HttpClient, adminKey: string) =>
  (method: string, path: string, body?: unknown, key = adminKey): Promise<Answer> =>
    client.send({ method, path, key }, body === undefined ? undefined : bytesOf(body));

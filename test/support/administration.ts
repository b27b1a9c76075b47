import { type Answer, bytesOf, type HttpClient } from './http-client.js';

export type Body = Record<string, unknown>;

/** What administrative calls answer with. */
export const bodyOf = (answer: Answer) => answer.body as unknown as Body;

/** The rows of a list. */
export const dataOf = (answer: Answer) => bodyOf(answer).data as Body[];

/** The fields that a problem document names, each once. */
export const faultyFields = (answer: Answer) => [
  ...new Set(answer.body.errors?.map(({ path }) => path).sort()),
];

/** Calls as one organization's administrator, unless another key is given. */
export const administratorOf =
  (client: HttpClient, adminKey: string) =>
  (method: string, path: string, body?: unknown, key = adminKey): Promise<Answer> =>
    client.send({ method, path, key }, body === undefined ? undefined : bytesOf(body));

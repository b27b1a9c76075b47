import { BuiltProcess } from './built-process.js';
import type { HttpClient } from './http-client.js';

export interface Route {
  readonly method: string;
  /** With its parameters as `:name`. */
  readonly url: string;
}

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly 'x-permission'?: 'public' | readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

export type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Every route of the built API. */
export async function routeTable(databaseUrl: string): Promise<Route[]> {
  const output = await BuiltProcess.run(
    '../test/support/print-routes.mjs',
    { DATABASE_URL: databaseUrl },
    [],
  );
  return JSON.parse(output.trim().split('\n').at(-1)!) as Route[];
}

/** The operations of the OpenAPI document, by path and method. */
export async function documentedOperations(client: HttpClient): Promise<Operations> {
  const { text } = await client.send({ path: '/openapi.json', key: null });
  return (JSON.parse(text) as { paths: Operations }).paths;
}

/** `/v1/users/:id` → `/v1/users/{id}`, without a trailing slash, as in OpenAPI. */
export const documentedPath = (url: string) => url.replace(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1');

/** The path with a value in place of each parameter. */
export const filledPath = (url: string, value: string) =>
  url.replace(/[:{]\w+}?/g, encodeURIComponent(value)).replace('*', 'x');

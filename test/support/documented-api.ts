import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Answer, HttpClient } from './http-client.js';

type Json = Record<string, unknown>;

export interface DocumentedOperation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Json[];
  readonly 'x-permission'?: 'public' | readonly string[];
  readonly tags?: readonly string[];
  readonly parameters?: readonly DocumentedParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, Content> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

export interface DocumentedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Json;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties: Json }>> };
}

interface Content {
  readonly schema: Json;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^\S+@\S+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

/** The OpenAPI document of a running API; checks responses against it. */
export class DocumentedApi {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS });

  private constructor(readonly document: Document) {
    this.ajv.addSchema(closed(document) as object, 'document');
  }

  static async of(client: HttpClient): Promise<DocumentedApi> {
    return new DocumentedApi(JSON.parse((await client.send({ path: '/openapi.json', key: null })).text));
  }

  /** Every operation, as `[method, path, operation]`. */
  get operations(): [string, string, DocumentedOperation][] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, DocumentedOperation] => [
        method,
        path,
        operation,
      ]),
    );
  }

  operation(method: string, path: string): DocumentedOperation {
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${method} ${path} is not documented`);
    return operation;
  }

  /** OpenAPI content for a media type, of a request or response body. */
  validatorOf(...place: readonly string[]): ValidateFunction {
    const pointer = place
      .map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))
      .map(encodeURIComponent);
    return this.ajv.compile({ $ref: `document#/${pointer.join('/')}` });
  }

  /** Expects a response's status, media type and body to match the document. */
  expectDocumented(method: string, path: string, answer: Answer): void {
    const { responses } = this.operation(method, path);
    expect([method, path, answer.text, Object.keys(responses)]).toEqual([
      method,
      path,
      answer.text,
      expect.arrayContaining([String(answer.status)]),
    ]);
    const content = responses[answer.status]!.content;
    const mediaType = answer.headers.get('content-type')?.split(';')[0];
    expect([path, content && Object.keys(content)]).toEqual([
      path,
      mediaType && expect.arrayContaining([mediaType]),
    ]);
    if (mediaType === undefined || !/[/+]json$/.test(mediaType)) return;
    const validate = this.validatorOf(
      ...['paths', path, method.toLowerCase(), 'responses', String(answer.status)],
      ...['content', mediaType, 'schema'],
    );
    validate(answer.body);
    expect([method, path, answer.text, validate.errors]).toEqual([method, path, answer.text, null]);
  }
}

/** The schema with unknown properties refused, so that undocumented fields fail. */
function closed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(closed);
  const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)]));
  const open = 'properties' in value && !('additionalProperties' in value);
  return open ? { ...copy, additionalProperties: false } : copy;
}

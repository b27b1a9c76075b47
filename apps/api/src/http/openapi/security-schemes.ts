/** A security scheme of OpenAPI. */
export type SecurityScheme = {
  readonly type: 'apiKey' | 'http';
  readonly description?: string;
  readonly in?: 'header' | 'query';
  readonly name?: string;
  readonly scheme?: string;
};

/** Security schemes by the name under which operations refer to them. */
export type SecuritySchemes = Readonly<Record<string, SecurityScheme>>;

/** The default security schemes of every route. */
export const CALLER_SCHEMES: SecuritySchemes = {
  'api-key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key or a token' },
};

/** `security` of an operation: any one of these schemes. */
export const anyOf = (schemes: SecuritySchemes): Record<string, string[]>[] =>
  Object.keys(schemes).map((name) => ({ [name]: [] }));

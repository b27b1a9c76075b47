/** A class by which a provider is injected into a job or loop. */
export type Token = abstract new (...parameters: never[]) => object;

/** What is injected for each token. */
export type Injected<Tokens extends readonly Token[]> = {
  [I in keyof Tokens]: Tokens[I] extends abstract new (
    ...parameters: never[]
  ) => infer Provider
    ? Provider
    : never;
};

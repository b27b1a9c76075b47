/** An element of a page, in the order of their beginnings. */
export interface MarkupElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const VOID = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);
const TOKEN =
  /<!doctype html>|<\/([a-zA-Z][\w:-]*)\s*>|<([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<]+)|(<)/gy;

/**
 * Reads HTML or SVG that closes its elements and quotes its attributes.
 * @throws Error where it does not
 */
export function readMarkup(markup: string): { elements: MarkupElement[]; text: string } {
  const elements: MarkupElement[] = [];
  const open: string[] = [];
  let text = '';
  for (const [token, closed, name, attributes = '', selfClosed, words, stray] of markup.matchAll(TOKEN)) {
    if (stray !== undefined) throw new Error(`stray < in ${open.join(' > ')} after ${text.slice(-80)}`);
    if (closed !== undefined && open.pop() !== closed) throw new Error(`unexpected ${token}`);
    if (words !== undefined) text += decoded(words);
    if (name === undefined) continue;
    elements.push({ name, attributes: attributesOf(attributes) });
    if (!selfClosed && !VOID.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(' > ')}`);
  return { elements, text };
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, decoded(value!)]);
  return Object.fromEntries(pairs);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function decoded(text: string): string {
  if (/&(?!(#\d+|amp|lt|gt|quot);)/.test(text)) throw new Error(`stray & in ${text.slice(0, 80)}`);
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? NAMED[name]! : String.fromCodePoint(Number(code)),
  );
}

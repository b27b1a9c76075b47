/** Tables that hold rows of organizations → the column that names the organization. */
export type TenantTables = ReadonlyMap<string, string>;

/** Valid operands of a condition on the organization: a parameter, a column of another table or array, or the caller's. */
const GIVEN = String.raw`(?:\$\d+|[a-z_]+\.organization_id|current_organization\(\))(?:::uuid)?`;
const KEYWORDS = `WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|FOR UPDATE|RETURNING|ON CONFLICT|SET|WINDOW`;

/**
 * Checks in SQL that organizations are kept apart without row-level security. Each query block, that is, each
 * SELECT, INSERT, UPDATE or DELETE with its own FROM and WHERE, must compare the organization of every tenant
 * table it touches with a parameter, in a condition that no OR weakens; an INSERT must list the column.
 * @returns the tables that a block uses without that; `?` for a computed name
 */
export function unnamedTables(sql: string, tables: TenantTables): string[] {
  const text = withoutNoise(sql);
  const computed = /\b(?:FROM|JOIN|INTO|UPDATE) \?/.test(text) ? ['?'] : [];
  return [...computed, ...blocksOf(text).flatMap((block) => unnamedIn(block, tables))];
}

function unnamedIn(block: string, tables: TenantTables): string[] {
  const conditions = conditionsOf(block);
  const sources = sourcesOf(block, tables);
  const isNamed = ({ table, alias }: Source) => {
    const qualifier = sources.length === 1 ? `(?:${alias}\\.)?` : `${alias}\\.`;
    const own = `${qualifier}${tables.get(table)}`;
    const pattern = new RegExp(`^(?:${own} = ${GIVEN}|${GIVEN} = ${own})$`);
    return conditions.some((condition) => pattern.test(condition));
  };
  const inserted = /\bINSERT INTO (\w+)(?: AS \w+)? (\([^)]*\))?/.exec(block);
  const column = inserted && tables.get(inserted[1]!);
  const unlisted = column && !new RegExp(`[(, ]${column}[,) ]`).test(inserted[2] ?? '') ? [inserted[1]!] : [];
  return [...unlisted, ...sources.filter((source) => !isNamed(source)).map(({ table }) => table)];
}

interface Source {
  readonly table: string;
  readonly alias: string;
}

/** The tenant tables that a block reads, changes or deletes from, including comma-separated lists. */
function sourcesOf(block: string, tables: TenantTables): Source[] {
  const clause = new RegExp(`\\b(?:FROM|USING|(?<!DO |FOR )UPDATE) (.*?)(?= (?:${KEYWORDS})\\b|$)`, 'g');
  return [...block.matchAll(clause)]
    .flatMap(([, list]) => splitOutside(list!, /^(?:,|(?:(?:LEFT|FULL|INNER|CROSS) )?JOIN\b)/))
    .flatMap((item) => {
      const [, table, alias] = /^(?:ONLY )?(\w+)(?: AS)?(?: (?!ON\b|USING\b)(\w+))?/.exec(item.trim()) ?? [];
      return table && tables.has(table) ? [{ table, alias: alias ?? table }] : [];
    });
}

/** The conditions on every row of a block: the parts of WHERE and ON joined by AND. */
function conditionsOf(block: string): string[] {
  const clause = new RegExp(
    `\\b(?:WHERE|ON) (?!CONFLICT)(.*?)(?= (?:${KEYWORDS}|(?:LEFT |FULL )?JOIN)\\b|$)`,
    'g',
  );
  return [...block.matchAll(clause)]
    .map(([, condition]) => condition!)
    .filter((condition) => splitOutside(condition, /^OR\b/).length === 1)
    .flatMap((condition) => splitOutside(condition, /^AND\b/))
    .map((condition) => condition.trim());
}

/** Query blocks, with `()` in place of nested ones. Lists and conditions in brackets are kept. */
function blocksOf(sql: string): string[] {
  const nested: string[] = [];
  const outer = withBrackets(sql, (inner) => {
    if (!/\b(?:SELECT|INSERT|UPDATE|DELETE)\b/.test(inner)) return `(${inner})`;
    nested.push(inner);
    return '()';
  });
  const parts = outer.split(/\b(?:UNION(?: ALL)?|INTERSECT|EXCEPT)\b|;/).map((part) => part.trim());
  return [...parts, ...nested.flatMap(blocksOf)];
}

/** Replaces each outermost pair of brackets. */
function withBrackets(text: string, replace: (inner: string) => string): string {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '(') {
      result += text[at];
      continue;
    }
    const end = closing(text, at);
    result += replace(text.slice(at + 1, end));
    at = end;
  }
  return result;
}

function closing(text: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}

/** Splits outside of brackets. */
function splitOutside(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') at = closing(text, at);
    const isWordStart = at === 0 || !/\w/.test(text[at - 1]!) || text[at] === ',';
    const found = isWordStart ? separator.exec(text.slice(at)) : null;
    if (!found) continue;
    parts.push(text.slice(start, at));
    start = at + found[0].length;
    at = start - 1;
  }
  return [...parts, text.slice(start)];
}

/** Strips comments, string literals and the FROM of `extract`, and collapses white space. */
const withoutNoise = (sql: string) =>
  sql
    .replace(/--.*$/gm, '')
    .replace(/'[^']*'/g, "''")
    .replace(/\bextract\(\w+ FROM\b/g, 'extract(')
    .replace(/\s+/g, ' ')
    .trim();

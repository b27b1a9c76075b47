/** Where a condition begins. A value may contain colons, unless a name and `=` follow. */
const CONDITION = /:(?=[^:=]+=)/;

/**
 * Parses the steps of a query string: `page_view:page=/pricing,form_submit`. With several parameters each is a step, so
 * that values may contain commas.
 * @returns objects as in the body of a POST; undefined when the parameter is absent
 */
export function parseSteps(steps: unknown): { type: string; where: Record<string, string> }[] | undefined {
  if (typeof steps !== 'string' && !Array.isArray(steps)) return undefined;
  const list: string[] = typeof steps === 'string' ? steps.split(',') : steps.map(String);
  return list.map((step) => {
    const [type, ...conditions] = step.split(CONDITION);
    const entries = conditions.map((condition): [string, string] => {
      const at = condition.indexOf('=');
      return [condition.slice(0, at), condition.slice(at + 1)];
    });
    return { type: type!.trim(), where: Object.fromEntries(entries) };
  });
}

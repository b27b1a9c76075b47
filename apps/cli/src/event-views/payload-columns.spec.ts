import { builtInTypes, viewName } from '#catalog';
import { COMMON_COLUMNS } from './event-view.store.js';
import { payloadColumns } from './payload-columns.js';

describe.each(builtInTypes.map((type) => [type.name, type] as const))('the view of %s', (_name, type) => {
  it('has no column twice', () => {
    const names = [...COMMON_COLUMNS, ...payloadColumns(type).map(({ name }) => name), 'payload'];
    expect(names).toEqual([...new Set(names)]);
  });

  it('has numbers for measures', () => {
    const types = new Map(payloadColumns(type).map((column) => [column.name, column.type]));
    for (const measure of type.measures) expect(types.get(measure)).toMatch(/bigint|double precision/);
  });

  it('shares its name with no other', () => {
    expect(builtInTypes.filter((other) => viewName(other) === viewName(type))).toEqual([type]);
  });
});

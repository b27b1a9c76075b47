import fc from 'fast-check';
import { pagesOf } from './pages.js';

const deltas = fc
  .array(fc.integer({ min: 1, max: 100 }))
  .map((sizes) => sizes.map((bytes, id) => ({ id: String(id), bytes })));

describe('pages of deltas', () => {
  it('have all deltas in their order, and no more bytes than asked for unless a single delta has', () => {
    fc.assert(
      fc.property(deltas, fc.integer({ min: 1, max: 300 }), (all, most) => {
        const pages = [...pagesOf(all, most)];
        expect(pages.flat()).toEqual(all);
        for (const page of pages) {
          const bytes = page.reduce((sum, delta) => sum + delta.bytes, 0);
          expect(page.length === 1 || (page.length > 1 && bytes <= most)).toBe(true);
        }
      }),
    );
  });
});

import { NextPass } from './next-pass.js';

/** Passes that end when the test decides. */
function heldPasses() {
  const ends: { readonly end: (result: string) => void; readonly fail: (error: Error) => void }[] = [];
  const passes = new NextPass(() => new Promise<string>((end, fail) => ends.push({ end, fail })));
  return { ends, passes };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('NextPass', () => {
  it('gives those who ask during a pass the result of the next one', async () => {
    const { ends, passes } = heldPasses();
    const first = [passes.result(), passes.result()];
    await nextTurn();
    expect(ends).toHaveLength(1);
    const second = [passes.result(), passes.result()];
    await nextTurn();
    expect(ends).toHaveLength(1);
    ends[0]!.end('one');
    expect(await Promise.all(first)).toEqual(['one', 'one']);
    await nextTurn();
    ends[1]!.end('two');
    expect(await Promise.all(second)).toEqual(['two', 'two']);
    expect(ends).toHaveLength(2);
  });

  it('starts anew after a failure', async () => {
    const { ends, passes } = heldPasses();
    const failed = passes.result();
    const later = nextTurn().then(() => passes.result());
    await nextTurn();
    ends[0]!.fail(new Error('in vain'));
    await expect(failed).rejects.toThrow('in vain');
    await nextTurn();
    ends[1]!.end('done');
    expect(await later).toBe('done');
  });
});

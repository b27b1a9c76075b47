import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { exitOnSignal } from './exit-on-signal.js';

it('collects garbage when the process exits, so that no thread of V8 waits for it', async () => {
  const enableShutdownHooks = jest.fn();
  const others = process.listeners('exit');
  exitOnSignal({ enableShutdownHooks } as unknown as INestApplicationContext);
  expect(enableShutdownHooks).toHaveBeenCalledWith([], { useProcessExit: true });
  const [atExit] = process.listeners('exit').filter((listener) => !others.includes(listener));
  const garbage = new WeakRef({});
  await nextTurn();
  process.removeListener('exit', atExit!);
  atExit!(0);
  await nextTurn();
  expect(garbage.deref()).toBeUndefined();
});

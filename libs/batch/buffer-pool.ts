/** Smaller buffers are cheap for the garbage collector; larger ones are too rare to keep. */
const SMALLEST = 16 * 1024;
const LARGEST = 2 * 1024 * 1024;
/** Memory is allocated in multiples of this, so that it fits the next request of similar size. */
const STEP = 64 * 1024;
const MAX_FREE = 8;

/**
 * Bytes with one owner, who releases them after the last read. Bytes that are never released are
 * garbage-collected like any other buffer: do not release them while a socket may still be sending them.
 */
export class PooledBytes {
  private held: Buffer | undefined;

  /** @param giveBack called once, on release */
  constructor(
    bytes: Buffer,
    private readonly giveBack: () => void,
  ) {
    this.held = bytes;
  }

  /** @throws Error once they are released */
  get bytes(): Buffer {
    if (!this.held) throw new Error('these bytes have been released');
    return this.held;
  }

  /** @throws Error when called twice */
  release(): void {
    if (!this.held) throw new Error('these bytes have been released before');
    this.held = undefined;
    this.giveBack();
  }
}

/**
 * Reuses memory of large buffers that live for milliseconds. V8 counts their bytes as growth of the heap and
 * answers with major collections: at 30,000 events a second one every second, with the pool one in 15 s.
 */
export class BufferPool {
  private readonly free: ArrayBuffer[] = [];

  /** @returns bytes of this length, with arbitrary previous content */
  lend(length: number): PooledBytes {
    if (length < SMALLEST || length > LARGEST) return new PooledBytes(Buffer.allocUnsafe(length), () => {});
    const position = this.free.findIndex(({ byteLength }) => byteLength >= length);
    const memory =
      position < 0 ? new ArrayBuffer(STEP * Math.ceil(length / STEP)) : this.free.splice(position, 1)[0]!;
    return new PooledBytes(Buffer.from(memory, 0, length), () => this.reclaim(memory));
  }

  /** Detaches the memory from its buffers (1.4 µs), so that a stale one is empty and shows no new content. */
  private reclaim(memory: ArrayBuffer): void {
    if (this.free.length >= MAX_FREE) return;
    this.free.push(structuredClone(memory, { transfer: [memory] }));
  }
}

/** The pool of this process. */
export const bufferPool = new BufferPool();

/** Smaller buffers are garbage that nobody notices; larger ones come too seldom to be kept. */
const SMALLEST = 16 * 1024;
const LARGEST = 2 * 1024 * 1024;
/** Memory comes in multiples of this, so that the next request of about the same size fits in. */
const STEP = 64 * 1024;
const MAX_FREE = 8;

/**
 * Lends memory for large buffers that live for milliseconds. What is not given back is garbage like any
 * other buffer; V8 answers such garbage by marking the whole heap, at 30,000 events a second each second.
 */
export class BufferPool {
  private readonly free: ArrayBuffer[] = [];

  /** @returns a buffer of this length with whatever was in it before */
  take(length: number): Buffer {
    if (!isPooled(length)) return Buffer.allocUnsafe(length);
    const position = this.free.findIndex(({ byteLength }) => byteLength >= length);
    const memory =
      position < 0 ? new ArrayBuffer(STEP * Math.ceil(length / STEP)) : this.free.splice(position, 1)[0]!;
    return Buffer.from(memory, 0, length);
  }

  /** Takes back a buffer that nobody will read again; one that another has taken would change under its reader. */
  give(buffer: Buffer): void {
    const memory = buffer.buffer as ArrayBuffer;
    if (!isPooled(buffer.length) || this.free.length >= MAX_FREE || this.free.includes(memory)) return;
    this.free.push(memory);
  }
}

const isPooled = (length: number) => length >= SMALLEST && length <= LARGEST;

/** The pool of this process. */
export const bufferPool = new BufferPool();

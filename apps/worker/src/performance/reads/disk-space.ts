import { statfs } from 'node:fs/promises';
import type { DiskSpace } from '#performance';

/**
 * What is free on the disk of a path, for those who are not root.
 * @returns null without a path, or when it cannot be read
 */
export async function diskSpace(path: string | undefined): Promise<DiskSpace | null> {
  if (path === undefined) return null;
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    return null;
  }
}

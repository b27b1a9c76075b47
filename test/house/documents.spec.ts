import { execFileSync } from 'node:child_process';
import { markdownFile } from './markdown-file.js';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '');
const folders = new Set(
  files.flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))),
);
const documents = files.filter((path) => path.endsWith('.md')).map(markdownFile);

/** A path from the root, or the name of a file in any folder; `*` matches any part of a name. */
function exists(name: string): boolean {
  const path = name.replace(/\/$/, '');
  if (folders.has(path)) return true;
  const pattern = path.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*');
  const expression = new RegExp(path.includes('/') ? `^${pattern}$` : `(^|/)${pattern}$`);
  return files.some((file) => expression.test(file));
}

function leadsSomewhere(link: string): boolean {
  const [path, anchor] = link.split('#') as [string, string?];
  if (!exists(path)) return false;
  const target = documents.find((document) => document.path === path);
  return anchor === undefined || target === undefined || target.anchors.has(anchor);
}

describe('documents', () => {
  it('have no broken link', () => {
    const dead = documents.flatMap(({ path, links }) =>
      links.filter((link) => !leadsSomewhere(link)).map((link) => `${path} → ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('name only files and folders that exist', () => {
    const missing = documents.flatMap(({ path, names }) =>
      names.filter((name) => !exists(name)).map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

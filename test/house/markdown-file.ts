import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One Markdown file of the repository. */
export interface MarkdownFile {
  /** From the repository's root. */
  readonly path: string;
  /** Targets of its relative links, from the repository's root, with their `#anchor`. */
  readonly links: readonly string[];
  /** Texts in backticks that look like a path: `libs/batch`, `group-commit.ts`, `*.store.ts`. */
  readonly names: readonly string[];
  /** Anchors of its headings on GitHub. */
  readonly anchors: ReadonlySet<string>;
}

const FENCED = /^```[\s\S]*?^```/gm;
const LINK = /\]\(([^)\s]+)\)/g;
const CODE = /`([^`\n]+)`/g;
const HEADING = /^#+ +(.+)$/gm;
const ROOMED = /^(apps|libs|migrations|test|bench|bin|docs|deploy|\.vscode|\.ci)\//;
const FILE_NAME = /^[\w.*-]+\.(ts|mjs|md|sql|yml|sh)$/;

export function markdownFile(path: string): MarkdownFile {
  const text = readFileSync(path, 'utf8').replace(FENCED, '');
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, group]) => group!);
  const root = (link: string) => (link.startsWith('#') ? path + link : normalize(join(dirname(path), link)));
  return {
    path,
    links: found(LINK)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map(root),
    names: found(CODE).filter(
      (code) => /^[\w./*-]+$/.test(code) && (ROOMED.test(code) || FILE_NAME.test(code)),
    ),
    anchors: new Set(found(HEADING).map(anchorOf)),
  };
}

/** The anchor of a heading on GitHub: lower case, without punctuation, blanks as dashes. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

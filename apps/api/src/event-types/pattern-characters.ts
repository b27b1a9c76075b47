import type { AST } from '@eslint-community/regexpp';
import { type CharSet, complement, EVERY_CHARACTER } from './char-set.js';

/** `\d`, `\w` and `\s` (ECMA-262, CharacterClassEscape, with the flag u and without i). */
const ESCAPES: Readonly<Record<AST.EscapeCharacterSet['kind'], CharSet>> = {
  digit: [[0x30, 0x39]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
};

type Matcher = AST.Character | AST.CharacterSet | AST.CharacterClass;

/** The characters that an element matches, or a superset where the exact set is unknown. */
export function charactersOf(element: Matcher): CharSet {
  if (element.type === 'CharacterClass') return classCharacters(element);
  return elementCharacters(element) ?? EVERY_CHARACTER;
}

function classCharacters({ elements, negate }: AST.CharacterClass): CharSet {
  const sets = elements.map(elementCharacters);
  // The complement of an unknown set may contain any character.
  if (sets.includes(null)) return EVERY_CHARACTER;
  const union = sets.flatMap((set) => set!);
  return negate ? complement(union) : union;
}

/** @returns null when the exact set is unknown: `.`, `\p{…}` */
function elementCharacters(element: AST.CharacterClassElement | Matcher): CharSet | null {
  switch (element.type) {
    case 'Character':
      return [[element.value, element.value]];
    case 'CharacterClassRange':
      return [[element.min.value, element.max.value]];
    case 'CharacterSet': {
      if (element.kind === 'any' || element.kind === 'property') return null;
      const set = ESCAPES[element.kind];
      return element.negate ? complement(set) : set;
    }
    default:
      return null;
  }
}

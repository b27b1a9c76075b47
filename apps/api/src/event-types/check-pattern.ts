import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { type CharSet, intersect } from './char-set.js';
import { charactersOf } from './pattern-characters.js';

const MAX_LENGTH = 256;
const MAX_REPETITIONS = 1000;
const parser = new RegExpParser({ ecmaVersion: 2024 });

class Refusal extends Error {}

/**
 * Accepts a regular expression only if the next character alone always decides how matching continues, as in an LL(1)
 * grammar. Such an expression cannot backtrack, so V8 matches it in linear time. No heuristics about slow expressions.
 * @returns the reason for a refusal, or null
 */
export function checkPattern(source: string): string | null {
  if (source.length > MAX_LENGTH) return `a pattern has at most ${MAX_LENGTH} characters`;
  try {
    const { alternatives } = parser.parsePattern(source, 0, source.length, { unicode: true });
    if (alternatives.length > 1) return 'put alternatives in a group: ^(?:…|…)$';
    checkSequence(anchored(alternatives[0]!.elements), []);
    return null;
  } catch (error) {
    if (error instanceof Refusal || error instanceof SyntaxError) return error.message;
    throw error;
  }
}

/** The elements between `^` and `$`. Without `^` the engine would try a match at every character. */
function anchored(elements: readonly AST.Element[]): readonly AST.Element[] {
  const [first] = elements;
  if (first?.type !== 'Assertion' || first.kind !== 'start') throw new Refusal('a pattern must start with ^');
  const last = elements.at(-1)!;
  const hasEnd = last.type === 'Assertion' && last.kind === 'end';
  return elements.slice(1, hasEnd ? -1 : undefined);
}

/** First characters of a part of an expression, and whether the part may be empty. */
interface Beginning {
  readonly first: CharSet;
  readonly nullable: boolean;
}

/** @param follow characters that may come after the sequence */
function checkSequence(elements: readonly AST.Element[], follow: CharSet): void {
  let after = follow;
  for (const element of [...elements].reverse()) {
    const { first, nullable } = beginningOf(element);
    checkElement(element, after);
    after = nullable ? [...first, ...after] : first;
  }
}

function checkElement(element: AST.Element, follow: CharSet): void {
  if (element.type === 'Quantifier') checkQuantifier(element, follow);
  else if (element.type === 'Group' || element.type === 'CapturingGroup') checkGroup(element, follow);
}

function checkQuantifier({ element, min, max, raw }: AST.Quantifier, follow: CharSet): void {
  if (min > MAX_REPETITIONS || (max > MAX_REPETITIONS && max !== Number.POSITIVE_INFINITY)) {
    throw new Refusal(`${raw} asks for more than ${MAX_REPETITIONS} repetitions`);
  }
  const { first, nullable } = beginningOf(element as AST.Element);
  if (nullable) throw new Refusal(`${raw} repeats something that may be empty`);
  if (min !== max && intersect(first, follow)) {
    throw new Refusal(`${raw} can stop or continue at the same character: the expression may backtrack`);
  }
  checkElement(element as AST.Element, max > 1 ? [...first, ...follow] : follow);
}

function checkGroup(group: AST.Group | AST.CapturingGroup, follow: CharSet): void {
  const beginnings = group.alternatives.map(({ elements }) => beginningOfSequence(elements));
  const ambiguous = beginnings.some(({ first, nullable }, i) =>
    beginnings.some(
      (other, j) =>
        j !== i &&
        (intersect(first, other.first) || (nullable && (other.nullable || intersect(other.first, follow)))),
    ),
  );
  if (ambiguous)
    throw new Refusal(
      `alternatives of ${group.raw} start with the same character: the expression may backtrack`,
    );
  for (const { elements } of group.alternatives) checkSequence(elements, follow);
}

function beginningOf(element: AST.Element): Beginning {
  switch (element.type) {
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return { first: charactersOf(element), nullable: false };
    case 'Quantifier': {
      const { first, nullable } = beginningOf(element.element as AST.Element);
      return { first, nullable: nullable || element.min === 0 };
    }
    case 'CapturingGroup':
    case 'Group': {
      const beginnings = element.alternatives.map(({ elements }) => beginningOfSequence(elements));
      return {
        first: beginnings.flatMap(({ first }) => first),
        nullable: beginnings.some(({ nullable }) => nullable),
      };
    }
    default:
      throw new Refusal(
        `${element.raw} is not supported: only ^ and $ at the ends as assertions, no back references`,
      );
  }
}

function beginningOfSequence(elements: readonly AST.Element[]): Beginning {
  const first: (readonly [number, number])[] = [];
  for (const element of elements) {
    const beginning = beginningOf(element);
    first.push(...beginning.first);
    if (!beginning.nullable) return { first, nullable: false };
  }
  return { first, nullable: true };
}

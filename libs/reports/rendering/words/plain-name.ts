const MAX_CHARACTERS = 40;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A name as a label of a chart or in a mail: on one line, without what XML cannot hold, and without characters that turn the text
 * after them around. Pure.
 */
export function plainName(name: string): string {
  const text = name
    .slice(0, 1000)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufffe\uffff]+/gu, ' ')
    .trim();
  const characters = [...graphemes.segment(text)];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${text.slice(0, characters[MAX_CHARACTERS - 1]!.index).trimEnd()}…`;
}

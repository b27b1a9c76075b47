import { eventLines } from './lines.js';

const read = (text: string, maxEvents = 10) =>
  [...eventLines(Buffer.from(text), maxEvents)].map(({ bytes, number }) => [number, bytes.toString()]);

describe('the lines of a body', () => {
  it.each([
    [
      'without a last line feed',
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'with blank lines',
      '\n \r\na\n\n\nb\n\n',
      [
        [3, 'a'],
        [6, 'b'],
      ],
    ],
    [
      'with leading blanks',
      '  a b \r\n\tc',
      [
        [1, 'a b \r'],
        [2, 'c'],
      ],
    ],
    ['behind a byte order mark', '\ufeff\na', [[2, 'a']]],
  ])('are read %s', (_, text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    ['without any', ' \n\n', 'no_events'],
    ['with too many', 'a\nb\nc', 'batch_too_large'],
  ])('are refused %s', (_, text, code) => {
    expect(() => read(text, 2)).toThrow(expect.objectContaining({ code }));
  });
});

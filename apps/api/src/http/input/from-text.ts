import { Transform } from 'class-transformer';

const DIGITS = /^\d{1,9}$/;

/** Turns a query parameter of digits into a number; anything else is left to validation. */
export const NumberFromText = () => Transform(({ value }) => (DIGITS.test(value) ? Number(value) : value));

/** Turns names separated by commas into a list; anything else is left to validation. */
export const ListFromText = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

/** Turns `true` and `false` of a query string into booleans; anything else is left to validation. */
export const BooleanFromText = () =>
  Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));

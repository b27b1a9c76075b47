import { Transform } from 'class-transformer';
import { registerDecorator } from 'class-validator';
import { dimensionValue } from '#catalog';
import { isText } from '../../http/input/is-text.js';
import { invalidQuery } from '../../http/input/read-query.js';

/** Longer values than an event can have match nothing. */
const LONGEST_VALUE = 32 * 1024;
const WHERE = /^where\[(.+)\]$/;

/** Validates dimension → value. Values become the text that series have for them. */
export function IsConditions(): PropertyDecorator {
  const validate = (target: object, propertyName: string | symbol) =>
    registerDecorator({
      name: 'isConditions',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) =>
          typeof value === 'object' && value !== null && Object.values(value).every(isConditionValue),
        defaultMessage: () => 'where must be an object of text, numbers, booleans or null',
      },
    });
  const toText = Transform(({ value, obj, key }) => (isObject(obj[key]) ? texts(obj[key]) : value));
  return (target, propertyName) => {
    validate(target, propertyName);
    toText(target, propertyName);
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isConditionValue = (value: unknown) => value === null || value === '' || isText(value, LONGEST_VALUE);

const texts = (where: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(where).map(([name, value]) => [name, value === null ? null : dimensionValue(value)]),
  );

/**
 * Gathers `where[name]=value` and `missing=name,name` of a query string in the parameter `where`.
 * @throws Problem 400 when a dimension has two values
 */
export function gatherConditions(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const conditions: [string, string | null][] = [];
  const others: [string, unknown][] = [];
  for (const [key, value] of Object.entries(raw)) {
    const name = WHERE.exec(key)?.[1];
    if (key === 'missing') {
      conditions.push(
        ...String(value)
          .split(',')
          .map((one): [string, null] => [one.trim(), null]),
      );
    } else if (name === undefined) others.push([key, value]);
    else if (typeof value === 'string') conditions.push([name, value]);
    else throw invalidQuery([{ path: key, message: 'a dimension can have only one value' }]);
  }
  // Not by assignment: a dimension named __proto__ would set the prototype and lose the condition.
  const where = Object.fromEntries(conditions);
  if (Object.keys(where).length < conditions.length) {
    throw invalidQuery([{ path: 'missing', message: 'a dimension can be in `where` or in `missing`, once' }]);
  }
  return { ...Object.fromEntries(others), ...(conditions.length > 0 ? { where } : {}) };
}

import { connectionString } from './connection-string.js';

describe('connectionString', () => {
  it.each([
    [
      'postgresql://owner:secret@db.example.org:5432/millrace',
      'postgresql://reader:pw@db.example.org:5432/millrace',
    ],
    [
      'postgres://owner@127.0.0.1/millrace?sslmode=require',
      'postgres://reader:pw@127.0.0.1/millrace?sslmode=require',
    ],
    [
      'postgresql://owner:secret@localhost/millrace?host=/run/postgresql',
      'postgresql://reader:pw@localhost/millrace?host=%2Frun%2Fpostgresql',
    ],
    ['postgresql://127.0.0.1/millrace?user=owner&password=x', 'postgresql://reader:pw@127.0.0.1/millrace'],
    [
      'postgresql:///millrace?host=/run/postgresql&user=owner&password=secret',
      'postgresql:///millrace?host=%2Frun%2Fpostgresql&user=reader&password=pw',
    ],
  ])('of %s is %s', (databaseUrl, expected) => {
    expect(connectionString(databaseUrl, 'reader', 'pw')).toBe(expected);
  });
});

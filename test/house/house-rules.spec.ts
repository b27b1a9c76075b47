import { readFileSync } from 'node:fs';
import { folderCycles } from './folder-cycles.js';
import { roomOf, sourceFiles, target } from './source-file.js';

const files = sourceFiles();
const product = files.filter(({ path }) => /^(apps|libs)\//.test(path));
const commands = files.filter(({ path }) => path.startsWith('bin/'));
const tests = /\.(spec|test)\.ts$/;

/** Libs that a lib must not import. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'libs/config': [
    '#batch',
    '#catalog',
    '#database',
    '#identity',
    '#jobs',
    '#observability',
    '#people',
    '#queue',
    '#rollups',
  ],
  'libs/catalog': [
    '#batch',
    '#config',
    '#database',
    '#identity',
    '#jobs',
    '#observability',
    '#people',
    '#queue',
    '#rollups',
  ],
  'libs/jobs': [
    '#batch',
    '#catalog',
    '#config',
    '#database',
    '#identity',
    '#observability',
    '#people',
    '#queue',
    '#rollups',
  ],
  'libs/database': ['#jobs', '#queue'],
  'libs/queue': ['#database', '#jobs'],
};

const breaches = (
  list: readonly (typeof files)[number][],
  isBreach: (file: (typeof files)[number], to: string) => boolean,
) =>
  list.flatMap((file) =>
    file.imports
      .filter((specifier) => isBreach(file, target(file, specifier)))
      .map((to) => `${file.path} → ${to}`),
  );

describe('imports', () => {
  it('of an app point to libs and migrations, never to another app', () => {
    const apps = product.filter(({ path }) => path.startsWith('apps/'));
    expect(
      breaches(
        apps,
        (file, to) =>
          /^(apps|bench|test|libs)\//.test(to) && roomOf(to) !== roomOf(file.path) && !tests.test(file.path),
      ),
    ).toEqual([]);
  });

  it('of a lib point to other libs, by subpath name only', () => {
    const libs = product.filter(({ path }) => path.startsWith('libs/') && !tests.test(path));
    expect(
      breaches(
        libs,
        (file, to) => /^(apps|bench|test|migrations|libs)\//.test(to) && roomOf(to) !== roomOf(file.path),
      ),
    ).toEqual([]);
  });

  it('respect the forbidden dependencies between libs', () => {
    expect(breaches(product, (file, to) => (FORBIDDEN[roomOf(file.path)] ?? []).includes(to))).toEqual([]);
  });

  it('form no cycle between folders', () => {
    expect(folderCycles(product.filter(({ path }) => !tests.test(path)))).toEqual([]);
  });

  it('form no cycle between folders of bin', () => {
    expect(commands.length).toBeGreaterThan(0);
    expect(folderCycles(commands)).toEqual([]);
  });

  it('of the http folder of the API point to no other folder of the API', () => {
    const http = product.filter(({ path }) => path.startsWith('apps/api/src/http/') && !tests.test(path));
    expect(
      breaches(http, (_file, to) => to.startsWith('apps/') && !to.startsWith('apps/api/src/http/')),
    ).toEqual([]);
  });
});

describe('files', () => {
  it('are named in kebab-case, and no folder is a catch-all', () => {
    const odd = files.filter(
      ({ path }) =>
        !path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part)) ||
        /(^|\/)(common|utils?|helpers?|misc)(\/|\.)/.test(path),
    );
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('have at most 200 lines, and in the median at most 60', () => {
    const lengths = product
      .filter(({ path }) => !tests.test(path))
      .map(({ path, text }) => [path, text.split('\n').length] as const);
    expect(lengths.filter(([, lines]) => lines > 200)).toEqual([]);
    const sorted = lengths.map(([, lines]) => lines).sort((a, b) => a - b);
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(60);
  });

  it('are barrels only as the index of a lib', () => {
    const barrels = product.filter(
      ({ path }) => path.endsWith('/index.ts') && !/^libs\/[^/]+\/index\.ts$/.test(path),
    );
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });
});

describe('code', () => {
  it('reads the environment in libs/config only', () => {
    const readers = product.filter(({ text, path }) => text.includes('process.env') && !tests.test(path));
    expect(readers.map(({ path }) => path)).toEqual(['libs/config/load-environment.ts']);
  });

  it('has SQL in stores, read models and what defines the database only', () => {
    const sql = /\b(SELECT\s+[\w*(][^'"]*\bFROM|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b/;
    const elsewhere = product.filter(
      ({ path, text }) =>
        sql.test(text) &&
        !/\.(store|read-model)\.ts$/.test(path) &&
        !tests.test(path) &&
        roomOf(path) !== 'libs/database',
    );
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('starts with exec, so that npm signals reach the process that stops the others', () => {
    // npm signals its shell. Without exec, that shell dies and leaves everything running.
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const name of ['start', 'dev']) expect(scripts[name]).toMatch(/^exec /);
  });

  it('has the V8 arguments in one place', () => {
    const others = ['Dockerfile', 'docker-compose.yml', 'deploy/service.sh', 'package.json'];
    expect(
      others.filter((path) => /semi-space|heap-growing|scavenge/.test(readFileSync(path, 'utf8'))),
    ).toEqual([]);
  });

  it('never uses BETWEEN, except in window frames, because it includes both ends of a range', () => {
    expect(
      product.filter(({ text }) => /(?<!\bROWS )\bBETWEEN\b/.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });
});

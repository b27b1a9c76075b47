import { existsSync } from 'node:fs';

/** Unit tests stand beside the code; the rest stands in test/. `bin/test.mjs` runs the projects. */
const shared = {
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFiles: ['reflect-metadata'],
};

const project = (name, folders, testMatch) => {
  // Jest refuses every project when the folder of one is missing.
  const present = folders.filter((folder) => existsSync(new URL(folder, import.meta.url)));
  const roots = present.map((folder) => `<rootDir>/${folder}`);
  return roots.length === 0 ? [] : [{ ...shared, displayName: name, roots, testMatch }];
};

export default {
  // For all projects, as Jest has it; what waits in a test has a deadline of its own that names it.
  testTimeout: 120_000,
  projects: [
    ...project('unit', ['apps', 'libs', 'test/house'], ['**/*.spec.ts']),
    ...project('integration', ['test/integration'], ['**/*.test.ts']),
    ...project('e2e', ['test/e2e'], ['**/*.test.ts']),
    ...project('faults', ['test/faults'], ['**/*.test.ts']),
    ...project('limits', ['test/limits'], ['**/*.test.ts']),
  ],
};

/** Unit tests stand beside the code; the rest stands in test/. `bin/test.mjs` runs each project in turn. */
const shared = {
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFiles: ['reflect-metadata'],
};

const project = (name, roots, testMatch) => ({
  ...shared,
  displayName: name,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testMatch,
});

export default {
  projects: [
    project('unit', ['apps', 'libs'], ['**/*.spec.ts']),
    project('integration', ['test/integration'], ['**/*.test.ts']),
    project('e2e', ['test/e2e'], ['**/*.test.ts']),
    project('faults', ['test/faults'], ['**/*.test.ts']),
  ],
};

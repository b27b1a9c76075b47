import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { folderCycles } from './folder-cycles.js';
import { type RecipeFile, recipeFiles } from './recipes.js';
import { importsOf, sourceFiles } from './source-file.js';

const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, '.');

/** Type errors in these files, as if they stood in the repository. */
function typeErrors(files: readonly RecipeFile[]): string[] {
  const texts = new Map(files.map(({ path, text }) => [resolve(path), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  // A recipe may begin a folder.
  host.directoryExists = () => true;
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

describe('the recipes of docs/extending.md', () => {
  const files = recipeFiles(readFileSync('docs/extending.md', 'utf8'));

  it('compile', () => {
    expect(files.length).toBeGreaterThan(8);
    expect(typeErrors(files)).toEqual([]);
  });

  it('form no cycle between folders', () => {
    const others = sourceFiles().filter(({ path }) => /^(apps|libs)\/(?!.*\.spec\.ts$)/.test(path));
    const added = files.map((file) => ({ ...file, imports: importsOf(file.text) }));
    expect(folderCycles([...others, ...added])).toEqual([]);
  });
});

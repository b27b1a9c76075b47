import { dirname } from 'node:path';
import { type SourceFile, target } from './source-file.js';

/** Folder → folders that its files import from, each with one import as an example. */
type FolderGraph = Map<string, Map<string, string>>;

/**
 * Folders that import each other, directly or through others (Tarjan, 1972: strongly connected components).
 * @returns one line for each such group of folders, with the imports between them
 */
export function folderCycles(files: readonly SourceFile[]): string[] {
  const graph = folderGraph(files);
  return components(graph)
    .filter((folders) => folders.length > 1)
    .map((folders) => describe(folders, graph));
}

function folderGraph(files: readonly SourceFile[]): FolderGraph {
  const graph: FolderGraph = new Map();
  for (const file of files) {
    for (const specifier of file.imports.filter((name) => name.startsWith('.'))) {
      const [from, to] = [dirname(file.path), dirname(target(file, specifier))];
      if (from === to) continue;
      const imported = graph.get(from) ?? new Map<string, string>();
      graph.set(from, imported.set(to, `${file.path} → ${target(file, specifier)}`));
    }
  }
  return graph;
}

function components(graph: FolderGraph): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (folder: string): void => {
    order.set(folder, order.size);
    low.set(folder, order.get(folder)!);
    stack.push(folder);
    for (const next of graph.get(folder)?.keys() ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(folder, Math.min(low.get(folder)!, low.get(next)!));
    }
    if (low.get(folder) === order.get(folder)) found.push(stack.splice(stack.indexOf(folder)));
  };
  for (const folder of graph.keys()) if (!order.has(folder)) visit(folder);
  return found;
}

const describe = (folders: readonly string[], graph: FolderGraph): string =>
  folders
    .flatMap((from) =>
      [...(graph.get(from) ?? [])].filter(([to]) => folders.includes(to)).map(([, example]) => example),
    )
    .join(', ');

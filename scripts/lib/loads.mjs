// Says which files of dist a page loads, read from the imports of the built files themselves.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { root } from './root.mjs';

const dist = join(root, 'dist');

/** What a built module imports, as paths inside dist: at once, and when asked for by import(). */
function importsOf(path) {
  const found = { now: [], later: [] };
  const add = (list, node) => {
    if (node && ts.isStringLiteralLike(node)) list.push(posix.join(posix.dirname(path), node.text));
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(found.now, node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(found.later, node.arguments[0]);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(dist, path), 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

/**
 * The files that some files load, themselves included.
 *
 * @param {readonly string[]} entries paths inside dist
 * @param {(path: string) => boolean} [alsoLater] which of the files named in import() count as loaded
 * @returns {{ loaded: string[], left: string[] }}
 */
export function loadedBy(entries, alsoLater = () => false) {
  const loaded = new Set();
  const left = new Set();
  const visit = (path) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    const { now, later } = importsOf(path);
    now.forEach(visit);
    for (const other of later) {
      if (alsoLater(other)) visit(other);
      else left.add(other);
    }
  };
  entries.forEach(visit);
  return { loaded: [...loaded].sort(), left: [...left].filter((path) => !loaded.has(path)).sort() };
}

/** What a visitor's open one-to-one chat loads, from the tag on: nothing that is asked for by import() but the app itself. The end-to-end tests compare this with what a browser asked for. */
export const visitorFiles = () => loadedBy(['stoa.js', 'index.js']);

export const distPath = (path) => join(dist, path);

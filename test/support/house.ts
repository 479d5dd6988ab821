/** The source files as the rules of the house see them: what each imports, and its syntax. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** Path from the root of the project, or the name of a package with its sub-path. */
  readonly to: string;
  readonly foreign: boolean;
  /** `dynamic`: an import() · `types`: gone after compiling · `value`: everything else. */
  readonly how: 'value' | 'types' | 'dynamic';
}

export interface SourceFile {
  /** Path from the root of the project, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly syntax: ts.SourceFile;
}

/** All files by their paths. */
export type House = ReadonlyMap<string, SourceFile>;

/** Calls `visit` for a node and everything below it. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  node.forEachChild(child => walk(child, visit));
};

const onlyTypes = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || (!!node.exportClause && ts.isNamedExports(node.exportClause) && node.exportClause.elements.length > 0 && node.exportClause.elements.every(element => element.isTypeOnly));
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return !clause.name && !!clause.namedBindings && ts.isNamedImports(clause.namedBindings) && clause.namedBindings.elements.length > 0 && clause.namedBindings.elements.every(element => element.isTypeOnly);
};

const readImports = (path: string, syntax: ts.SourceFile): readonly Import[] => {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, how: Import['how']): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const foreign = !specifier.text.startsWith('.');
    imports.push({ to: foreign ? specifier.text : posix.join(posix.dirname(path), specifier.text).replace(/\.js$/u, '.ts'), foreign, how });
  };
  walk(syntax, node => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier, onlyTypes(node) ? 'types' : 'value');
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], 'dynamic');
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, 'types');
  });
  return imports;
};

/** Reads files given as texts by path: what the tests of the rules use. */
export const houseOf = (texts: Readonly<Record<string, string>>): House =>
  new Map(
    Object.entries(texts).map(([path, text]) => {
      const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
      return [path, { path, text, syntax, imports: readImports(path, syntax) }];
    }),
  );

/** Reads src and plugins of a checkout. */
export const readHouse = (root: string): House => {
  const paths = ['src', 'plugins'].flatMap(folder => {
    try {
      return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(path => posix.join(folder, path.split('\\').join('/')));
    } catch (error) {
      // No plugin yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && folder === 'plugins') return [];
      throw error;
    }
  });
  return houseOf(Object.fromEntries(paths.filter(path => path.endsWith('.ts')).map(path => [path, readFileSync(join(root, path), 'utf8')])));
};

/** The rules of the house, each a function that names what breaks it; ARCHITECTURE.md gives the reasons. */
import ts from 'typescript';
import { walk, type House, type SourceFile } from './house.js';

/** What breaks a rule: a file, and what is wrong with it in words. */
export type Violation = `${string}: ${string}`;
export type Rule = (house: House) => readonly Violation[];

/** From the ground up: a floor imports only what stands before it. */
const FLOORS = ['base', 'entities', 'xmpp', 'store', 'tabs', 'model', 'app', 'features', 'core', 'api', 'page-door', 'components', 'api-ui', 'index'];
/** Floors without a screen. */
const LOWER = new Set(['base', 'entities', 'xmpp', 'store', 'tabs', 'model', 'app', 'features', 'core', 'api']);
const DOORS = ['src/api.ts', 'src/api-ui.ts'];
const MANIFEST = 'plugins/manifest.ts';
const CONTRACTS = 'plugins/contracts.ts';

/** Which foreign library may be named where. */
const FOREIGN: readonly { readonly library: RegExp; readonly where: RegExp; readonly door: string }[] = [
  { library: /^@xmpp\//u, where: /^src\/xmpp\/vendor(-types\.d)?\.ts$/u, door: 'src/xmpp/vendor' },
  { library: /^@preact\/signals-core$/u, where: /^src\/base\/signal\.ts$/u, door: 'src/base/signal' },
  { library: /^lit(\/|$)/u, where: /^src\/(components\/.*|api-ui|index)\.ts$/u, door: 'the screen (src/components, src/api-ui)' },
];

const each = (house: House, find: (file: SourceFile) => readonly string[]): readonly Violation[] => [...house.values()].flatMap(file => find(file).map((what): Violation => `${file.path}: ${what}`));

/** The floor of a file in src: its folder, or its own name for the doors. */
const floorOf = (path: string): string | undefined => /^src\/([^/]+?)(\.ts$|\/)/u.exec(path)?.[1];
const pluginOf = (path: string): string | undefined => /^plugins\/([^/]+)\//u.exec(path)?.[1];
const inSrc = (path: string): boolean => path.startsWith('src/');
const inUi = (path: string): boolean => /^plugins\/[^/]+\/ui\//u.test(path);

const nodes = <T>(file: SourceFile, find: (node: ts.Node) => T | undefined): readonly T[] => {
  const found: T[] = [];
  walk(file.syntax, node => {
    const result = find(node);
    if (result !== undefined) found.push(result);
  });
  return found;
};

/** Whether an identifier names a thing by itself, not a property of another thing. */
const standsAlone = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent.name !== node;
  return !(ts.isBindingElement(parent) && parent.propertyName === node) && !ts.isQualifiedName(parent);
};

/** The words of a name: `fromMUCRoom-archive` is from, muc, room, archive. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/u);

const literalOf = (node: ts.Node): string | undefined => (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) ? node.text : undefined);

export const floorsPointDown: Rule = house =>
  each(house, ({ path, imports }) => {
    const floor = floorOf(path);
    if (floor === undefined || floor === 'embed') return [];
    const level = FLOORS.indexOf(floor);
    if (level < 0) return [`“${floor}” is no floor of the plan`];
    return imports.filter(({ to, foreign }) => !foreign && inSrc(to) && FLOORS.indexOf(floorOf(to) ?? '') > level).map(({ to }) => `looks up to ${to}`);
  });

export const importsExist: Rule = house =>
  each(house, ({ imports }) => imports.filter(({ to, foreign }) => !foreign && !house.has(to) && !house.has(to.replace(/\.ts$/u, '.d.ts'))).map(({ to }) => `imports ${to}, which does not exist`));

export const noCircles: Rule = house => {
  const found = new Set<Violation>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const circle = trail.slice(at);
      // The same circle is met from each of its members: told once, from the first by name.
      const first = circle.indexOf([...circle].sort()[0] ?? path);
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      found.add(`${turned[0] ?? path}: is part of a circle ${[...turned, turned[0]].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const { to, foreign, how } of house.get(path)?.imports ?? []) if (!foreign && how !== 'types') visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of house.keys()) visit(path, []);
  return [...found];
};

export const noScreenBelow: Rule = house =>
  each(house, file => {
    if (!LOWER.has(floorOf(file.path) ?? '')) return [];
    const touched = nodes(file, node => {
      if (ts.isIdentifier(node) && (node.text === 'document' || node.text === 'window') && standsAlone(node)) return `touches ${node.text}`;
      if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'globalThis' && (node.name.text === 'document' || node.name.text === 'window')) return `touches globalThis.${node.name.text}`;
      return undefined;
    });
    return [...touched, ...file.imports.filter(({ to }) => /^(lit|@lit)/u.test(to)).map(({ to }) => `imports ${to} without being the screen`)];
  });

export const sourceKnowsNoPlugins: Rule = house =>
  each(house, ({ path, imports }) => {
    if (!inSrc(path)) return [];
    return imports.filter(({ to, foreign }) => !foreign && to.startsWith('plugins/') && !(path === 'src/index.ts' && to === MANIFEST)).map(({ to }) => `imports the plugin file ${to}`);
  });

export const manifestOnlyPoints: Rule = house =>
  each(house, ({ path, imports }) => (path === MANIFEST ? imports.filter(({ how }) => how === 'value').map(({ to }) => `loads ${to} at once instead of by import()`) : []));

export const pluginsSeeTheDoors: Rule = house =>
  each(house, ({ path, imports }) => {
    const plugin = pluginOf(path);
    if (plugin === undefined) return [];
    return imports
      .filter(({ to, foreign }) => {
        if (foreign) return false;
        if (inSrc(to)) return !(DOORS.includes(to) && (to === 'src/api.ts' || inUi(path)));
        return pluginOf(to) !== plugin && to !== CONTRACTS;
      })
      .map(({ to }) => (to === 'src/api-ui.ts' ? 'uses the screen’s door outside of its ui folder' : `reaches ${to}, which is neither a door nor its own`));
  });

export const componentsAskTheModel: Rule = house =>
  each(house, ({ path, imports }) => (floorOf(path) === 'components' ? imports.filter(({ to, foreign }) => !foreign && /^src\/(xmpp|store|tabs)\//u.test(to)).map(({ to }) => `reaches ${to}, past the model`) : []));

export const foreignLibrariesHaveADoor: Rule = house =>
  each(house, ({ path, imports }) =>
    imports
      .filter(({ foreign }) => foreign)
      .flatMap(({ to }) => {
        const known = FOREIGN.find(({ library }) => library.test(to));
        if (!known) return [`imports ${to}, which is not among what we stand on`];
        return known.where.test(path) ? [] : [`imports ${to}, whose only door is ${known.door}`];
      }),
  );

/** Names of plugins as words of identifiers and of texts without spaces; `upload` is a verb too and `room` is also space, so these only where nothing else stands with them. */
export const coreNamesNoPlugin: Rule = house =>
  each(house, file => {
    if (!inSrc(file.path) || file.path === 'src/index.ts') return [];
    return nodes(file, node => {
      const name = ts.isIdentifier(node) ? node.text : literalOf(node);
      if (name === undefined || /\s/u.test(name)) return undefined;
      const plugin = wordsOf(name).find(part => /^(muc|mam|omemo)$/u.test(part));
      const word = plugin ?? (ts.isIdentifier(node) ? /^(is|in|as|to)?[Rr]ooms?$/u : /^(rooms?|upload)$/u).exec(name)?.[0];
      return word === undefined ? undefined : `says “${name}”: ask the conversation’s kind, or offer a slot`;
    });
  });

export const groupchatIsTheWiresWord: Rule = house =>
  each(house, file => {
    if (!inSrc(file.path) || /^src\/(entities|xmpp)\/|^src\/features\/carbons\.ts$/u.test(file.path)) return [];
    return nodes(file, node => (literalOf(node)?.includes('groupchat') || (ts.isIdentifier(node) && /groupchat/iu.test(node.text)) ? 'says “groupchat”: ask the conversation’s kind' : undefined));
  });

const MUTABLE = /^(Map|Set|WeakMap|WeakSet|Array|Emitter|Registry|Disposer|Lanes|AbortController)$/u;

/** Why a value at the top of a module can change; undefined if it cannot, as far as its type says. */
const mutable = (type: ts.TypeNode | undefined, value: ts.Expression | undefined): string | undefined => {
  const declared = type?.getText() ?? '';
  if (/^(readonly |Readonly)/u.test(declared) || !value) return undefined;
  if (ts.isNewExpression(value) && MUTABLE.test(value.expression.getText())) return `a ${value.expression.getText()}`;
  if (ts.isArrayLiteralExpression(value)) return 'an array that is not readonly';
  if (ts.isCallExpression(value) && /^(signal|batch|effect)$/u.test(value.expression.getText())) return 'a signal';
  return undefined;
};

export const nothingHangsOnModules: Rule = house =>
  each(house, file => {
    const found: string[] = [];
    for (const statement of file.syntax.statements) {
      if (!ts.isVariableStatement(statement) || statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) continue;
      for (const { name, type, initializer } of statement.declarationList.declarations) {
        const why = (statement.declarationList.flags & ts.NodeFlags.Const) === 0 ? 'can be set anew' : mutable(type, initializer);
        if (why !== undefined) found.push(`keeps state in the module: “${name.getText()}” ${why === 'can be set anew' ? why : `is ${why}`}`);
      }
    }
    const statics = nodes(file, node => {
      if (!ts.isPropertyDeclaration(node) || !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) return undefined;
      const fixed = node.modifiers.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword || kind === ts.SyntaxKind.OverrideKeyword);
      return !fixed || mutable(node.type, node.initializer) !== undefined ? `keeps state in a class: static “${node.name.getText()}”` : undefined;
    });
    return [...found, ...statics];
  });

const TO_HTML = /^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|unsafeHTML|unsafeSVG|unsafeStatic|createContextualFragment|setHTMLUnsafe)$/u;

export const textStaysText: Rule = house =>
  each(house, file =>
    nodes(file, node => {
      if (ts.isIdentifier(node) && TO_HTML.test(node.text)) return `uses ${node.text}: no path leads from text to HTML`;
      if (ts.isIdentifier(node) && node.text === 'eval' && standsAlone(node)) return 'uses eval';
      if (ts.isNewExpression(node) && node.expression.getText() === 'Function') return 'makes code from text';
      if (ts.isCallExpression(node) && /\.write(ln)?$/u.test(node.expression.getText()) && node.expression.getText().startsWith('document.')) return 'writes into the document';
      return undefined;
    }),
  );

export const noInlineStyle: Rule = house =>
  each(house, file =>
    nodes(file, node => {
      if (ts.isTaggedTemplateExpression(node) && /^(html|svg)$/u.test(node.tag.getText()) && /\sstyle\s*=|<style[\s>]|\son[a-z]+\s*=/u.test(node.template.getText())) return 'has an inline style or handler in a template';
      if (ts.isCallExpression(node) && /setAttribute$/u.test(node.expression.getText()) && node.arguments[0] && literalOf(node.arguments[0]) === 'style') return 'sets a style attribute';
      return undefined;
    }),
  );

/** Inner elements draw into the root of <stoa-chat>: they are Parts, or say so by createRenderRoot, or extend a class that does. Before the element is loaded, the tag draws its button there. */
export const oneShadowRoot: Rule = house =>
  each(house, file => {
    const attached = nodes(file, node => (ts.isIdentifier(node) && node.text === 'attachShadow' ? 'attaches a shadow root' : undefined));
    // The script tag draws the launcher into the root of an element that has no definition yet; the definition goes on with that root.
    if (file.path === 'src/page-door/stand-in.ts' || file.path === 'src/components/chat-element.ts') return [];
    const rooted = nodes(file, node => {
      if (!ts.isClassLike(node) || !node.heritageClauses?.some(clause => /\bLitElement\b/u.test(clause.getText()))) return undefined;
      return node.members.some(member => member.name?.getText() === 'createRenderRoot') ? undefined : `has a shadow root of its own in the class “${node.name?.text ?? 'without a name'}”`;
    });
    return [...attached, ...rooted];
  });

export const filesSayWhy: Rule = house => each(house, ({ text }) => (/^\/\*\*\s+(\*\s+)?[^\s*]/u.test(text) ? [] : ['does not open with a sentence (/** … */) that says why it exists']));

/** What the tag loads before the first click: itself, the page's half of the door and small things of the base, no library. */
export const theTagIsAlone: Rule = house => {
  const reached = new Set<string>();
  const found: Violation[] = [];
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    if (path !== 'src/embed.ts' && !/^src\/(base|page-door)\//u.test(path)) found.push(`src/embed.ts: pulls in ${path}`);
    for (const { to, foreign, how } of house.get(path)?.imports ?? []) {
      if (how !== 'value') continue;
      if (foreign) found.push(`src/embed.ts: pulls in ${to}`);
      else visit(to);
    }
  };
  if (house.has('src/embed.ts')) visit('src/embed.ts');
  return found;
};

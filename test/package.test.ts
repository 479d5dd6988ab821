/** What is built and published: nothing of Node in it, all of its types, and nothing without a licence. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import ts from 'typescript';
import { loadedBy } from '../scripts/lib/loads.mjs';
import { root } from '../scripts/lib/root.mjs';
import { readHouse } from './support/house.js';

const dist = join(root, 'dist');
const read = (path: string): string => readFileSync(join(dist, path), 'utf8');
const scripts = (existsSync(dist) ? readdirSync(dist, { recursive: true, encoding: 'utf8' }) : []).filter(path => path.endsWith('.js'));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly dependencies: Record<string, string>; readonly exports: Record<string, string | { readonly types: string; readonly default: string }>; readonly license: string };

/** What Node has and a page has not. */
const ofNode: readonly (readonly [string, RegExp])[] = [
  ['an import of node:', /["']node:/u],
  ['process.', /(?<![.\w$])process\./u],
  ['require(', /(?<![.\w$])require\(/u],
  ['Buffer', /(?<![.\w$])Buffer\b/u],
  ['eval', /(?<![.\w$])eval\(|new Function\(/u],
];

describe('what is built', () => {
  it('has its four modules, the tag, and chunks with hashed names', () => {
    for (const path of ['stoa.js', 'index.js', 'core.js', 'plugin.js', 'plugin-ui.js']) assert.ok(scripts.includes(path), `${path} is missing`);
    for (const path of scripts.filter(name => name.startsWith('chunks/'))) assert.match(path, /^chunks\/[\w.-]+-[\w-]{6}\.js$/u);
  });

  it('has nothing of Node in it', () => {
    for (const path of scripts) for (const [what, pattern] of ofNode) assert.doesNotMatch(read(path), pattern, `${path} holds ${what}`);
  });

  it('would notice what is of Node', () => {
    const samples = ['import"node:dns";', 'if(process.env.X)1', 'var a=require("b")', 'Buffer.from(a)', 'eval(a)'];
    for (const [index, [, pattern]] of ofNode.entries()) assert.match(samples[index] ?? '', pattern);
    assert.doesNotMatch('a.process.b;x.require(c);processed.y', /(?<![.\w$])(process\.|require\()/u);
  });

  it('the tag is a classic script that stands alone', () => {
    const { statements } = ts.createSourceFile('stoa.js', read('stoa.js'), ts.ScriptTarget.Latest);
    assert.equal(statements.some(statement => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)), false);
    assert.doesNotMatch(read('stoa.js'), /import\.meta/u);
  });

  it('a module asks only for its neighbours, by relative addresses', () => {
    const { loaded } = loadedBy(['index.js', 'core.js', 'plugin.js', 'plugin-ui.js'], () => true);
    for (const path of loaded) assert.ok(existsSync(join(dist, path)), `${path} is asked for and missing`);
    assert.deepEqual([...scripts].filter(path => !loaded.includes(path) && path !== 'stoa.js'), [], 'chunks that nobody asks for');
  });

  it('the headless door loads no Lit', () => {
    for (const path of loadedBy(['core.js', 'plugin.js'], () => true).loaded) assert.doesNotMatch(read(path), /litHtmlVersions|litElementVersions/u, path);
  });

  it('has a source map beside each script, with the sources inside', () => {
    for (const path of scripts) {
      const map = JSON.parse(read(`${path}.map`)) as { readonly sources: readonly string[]; readonly sourcesContent: readonly (string | null)[] };
      assert.equal(map.sourcesContent.filter(text => text !== null).length, map.sources.length, path);
      assert.match(read(path), new RegExp(`//# sourceMappingURL=${path.split('/').at(-1) ?? ''}\\.map\\s*$`, 'u'));
    }
  });

  it('names the licence of the product and of everything that is in it', () => {
    assert.equal(manifest.license, 'MPL-2.0');
    const licences = read('licenses.txt');
    const held = new Set(scripts.flatMap(path => (JSON.parse(read(`${path}.map`)) as { readonly sources: readonly string[] }).sources.flatMap(source => /node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(source)?.[1] ?? [])));
    assert.ok(held.size > 5);
    for (const name of held) assert.ok(licences.includes(`Name: ${name}\n`), `${name} is not in licenses.txt`);
    for (const path of scripts) assert.match(read(path).slice(0, 200), /MPL-2\.0/u, path);
  });

  it('gives hashes for integrity attributes that are right', () => {
    for (const [path, hash] of Object.entries(JSON.parse(read('integrity.json')) as Record<string, string>)) assert.equal(hash, `sha384-${createHash('sha384').update(readFileSync(join(dist, path))).digest('base64')}`);
  });
});

describe('the package', () => {
  it('names everything that is imported, pinned', () => {
    const named = new Set([...readHouse(root).values()].flatMap(({ imports }) => imports.filter(({ foreign }) => foreign).map(({ to }) => to.split('/').slice(0, to.startsWith('@') ? 2 : 1).join('/'))));
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/u, name);
      named.delete(name);
    }
    assert.deepEqual([...named], [], 'imported, but not among the dependencies');
  });

  const consumer = join(root, '.test/consumer');
  after(() => rmSync(consumer, { recursive: true, force: true }));

  it('has every file that its exports name', () => {
    for (const target of Object.values(manifest.exports).flatMap(value => (typeof value === 'string' ? [value] : [value.types, value.default]))) if (!target.includes('*')) assert.ok(existsSync(join(root, target)), target);
  });

  it('has types that a strict project can use, with the types of what it stands on', () => {
    rmSync(consumer, { recursive: true, force: true });
    mkdirSync(join(consumer, 'node_modules'), { recursive: true });
    symlinkSync(root, join(consumer, 'node_modules/stoa-chat'));
    const main = join(consumer, 'main.ts');
    writeFileSync(
      main,
      `import { createChat } from 'stoa-chat';
       import { createCore, optionTable, type Chat, type ChatEvents, type Message } from 'stoa-chat/core';
       import { definePlugin, defineSlot, stanzaHandlers, type PluginContext } from 'stoa-chat/plugin';
       import { html, messageActions } from 'stoa-chat/plugin-ui';
       const slot = defineSlot<string>('greetings');
       export const plugin = definePlugin({ id: 'greet', settings: { loud: false, times: 3 }, setup(ctx) {
         ctx.settings.times.value = 4;
         ctx.add(slot, 'hello');
         ctx.add(stanzaHandlers, { claim: { kind: 'message' }, observe: ({ stanza }) => ctx.log.info(stanza.name) });
         ctx.add(messageActions, { render: () => html\`<button>Greet</button>\` });
         // @ts-expect-error A slot takes what it was declared for.
         ctx.add(slot, 3);
       } });
       const chat: Chat = createCore({ to: 'support@example.org', service: ['wss://example.org/ws'] }, { plugins: [plugin] });
       const stop = chat.on('message:received', ({ body }: ChatEvents['message:received']) => console.log(body?.length));
       void stop();
       export const names: readonly string[] = optionTable.map(row => row.name);
       export const use = (ctx: PluginContext, message: Message) => [ctx.id, message.position, createChat] as const;
      `,
    );
    const options: ts.CompilerOptions = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: false, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [], preserveSymlinks: true, typeRoots: [] };
    const program = ts.createProgram([main], options);
    const complaints = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => `${file ? `${file.fileName.replace(root, '')}:${String(file.getLineAndCharacterOfPosition(start ?? 0).line + 1)} ` : ''}${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    assert.equal(complaints.join('\n'), '');
    const sources = program.getSourceFiles().map(({ fileName }) => fileName).filter(name => name.includes('stoa-chat'));
    assert.equal(sources.every(name => dirname(name).includes('/dist/types') || name.includes('/node_modules/stoa-chat/node_modules/')), true, 'types come from dist alone');
  });
});

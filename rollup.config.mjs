// Builds what a page loads: the classic script of the tag, and the modules that it and bundlers import.
import { resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import license from 'rollup-plugin-license';
import { buildId } from './scripts/lib/build-id.mjs';
import { localNames } from './scripts/lib/local-names.mjs';
import { minify } from './scripts/lib/minify.mjs';
import { standIns } from './scripts/lib/stand-ins.mjs';
import { tightTemplates } from './scripts/lib/tight-templates.mjs';
import { typesAway } from './scripts/lib/types-away.mjs';

/** The build writes beside dist and puts it in place when it is whole; rollup by itself writes into dist. */
const dist = process.env.STOA_DIST || 'dist';
/** Where a page begins to load it also says where the licences are of all that is loaded from there. */
const banner = ({ isEntry }) => `/*! Stoa, MPL-2.0${isEntry ? '; licences of its parts: licenses.txt' : ''} */`;

/** Each warning of rollup has cost somebody a broken page: they fail the build. */
const onLog = (level, log, handle) => handle(level === 'warn' ? 'error' : level, log);

// The order matters: a resolver that knows the "browser" field comes first, or Node's own modules end up in the output.
const plugins = (thirdParty) => [
  standIns(),
  nodeResolve({ browser: true, preferBuiltins: false, dedupe: ['ltx', '@xmpp/xml', 'lit', 'lit-html', '@lit/reactive-element'] }),
  buildId(),
  tightTemplates(),
  typesAway(),
  ...(thirdParty ? [license({ thirdParty })] : []),
];

/**
 * Two chunks hold what everybody needs who needs any of it: all that works without a screen, and the screen. Smaller ones would each
 * be compressed without knowing of the other. What is loaded on demand stays in chunks of its own.
 */
function twoChunks() {
  const reached = new Map();
  return (id, { getModuleInfo }) => {
    if (reached.size === 0) {
      const visit = (at, chunk) => {
        if (reached.has(at)) return;
        reached.set(at, chunk);
        for (const next of getModuleInfo(at)?.importedIds ?? []) visit(next, chunk);
      };
      for (const [entry, chunk] of [['core', 'core'], ['api', 'core'], ['index', 'screen']]) visit(resolve(`src/${entry}.ts`), chunk);
    }
    return reached.get(id);
  };
}

const names = localNames();

export default [
  {
    input: 'src/embed.ts',
    plugins: plugins(),
    onLog,
    output: { file: `${dist}/stoa.js`, format: 'iife', banner, sourcemap: true, plugins: minify() },
  },
  {
    input: { index: 'src/index.ts', core: 'src/core.ts', plugin: 'src/api.ts', 'plugin-ui': 'src/api-ui.ts' },
    plugins: plugins({
      includePrivate: false,
      output: { file: `${dist}/licenses.txt`, encoding: 'utf-8' },
      allow: { test: '(MIT OR ISC OR BSD-2-Clause OR BSD-3-Clause OR Apache-2.0 OR 0BSD OR CC0-1.0)', failOnUnlicensed: true, failOnViolation: true },
    }),
    onLog,
    output: { dir: dist, format: 'es', banner, manualChunks: twoChunks(), sourcemap: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash:6].js', plugins: [names.imports, ...minify(), names.exports] },
  },
];

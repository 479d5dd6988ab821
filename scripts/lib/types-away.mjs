// A rollup plugin that takes the types out of TypeScript. It checks nothing: tsc has done that, once for all bundles.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { transform } from 'esbuild';

/** Only esbuild's transform is used: its resolver would pass by the "browser" field of packages. */
export const typesAway = () => ({
  name: 'types-away',
  /** The source says `./jid.js` as the browser will; the file is `./jid.ts`. */
  resolveId(source, importer) {
    if (!importer?.endsWith('.ts') || !/^\..*\.js$/.test(source)) return undefined;
    const file = resolve(dirname(importer), source.replace(/\.js$/, '.ts'));
    return existsSync(file) ? file : undefined;
  },
  transform: (code, id) =>
    id.endsWith('.ts')
      ? transform(code, { loader: 'ts', target: 'es2022', sourcemap: true, sourcefile: id, tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } } })
      : undefined,
});

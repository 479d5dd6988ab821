// Bundles the one file that names @xmpp for the tests, with the same stand-ins as the build.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { root } from './root.mjs';
import { standIns } from './stand-ins.mjs';
import { typesAway } from './types-away.mjs';

/** Writes .test/vendor.js unless it is newer than the file and the packages that it is made of. */
export async function bundleVendor() {
  const input = join(root, 'src/xmpp/vendor.ts');
  const file = join(root, '.test/vendor.js');
  if (!existsSync(input)) return;
  const sources = [input, join(root, 'src/xmpp/stand-ins.ts'), join(root, 'scripts/lib/stand-ins.mjs'), join(root, 'node_modules/.package-lock.json')];
  if (existsSync(file) && sources.every((source) => statSync(source).mtimeMs < statSync(file).mtimeMs)) return;
  const bundle = await rollup({ input, plugins: [standIns(), nodeResolve({ browser: true, preferBuiltins: false }), typesAway()], logLevel: 'silent' });
  await bundle.write({ file, format: 'es' });
  await bundle.close();
}

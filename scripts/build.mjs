// Builds dist from nothing: the scripts, their types, and the hashes that a careful site owner puts into integrity attributes.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { loadConfigFile } from 'rollup/loadConfigFile';
import { beginBuild, markBuilt } from './lib/fresh.mjs';
import { isMain } from './lib/main.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

/** Builds; rejects with the first thing that is wrong. Until it is whole, the old dist stays: pages may be served from it meanwhile. */
export async function build() {
  const sources = beginBuild();
  const dist = join(root, 'dist');
  const next = join(root, `dist.${process.pid}`);
  try {
    // Types first: rollup only takes them away and would bundle what is wrong.
    if ((await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json', '--outDir', join(next, 'types')], { cwd: root })) !== 0) throw new Error('The types are not right, so nothing was built.');
    process.env.STOA_DIST = next;
    const { options, warnings } = await loadConfigFile(join(root, 'rollup.config.mjs'));
    warnings.flush();
    for (const config of options) {
      const bundle = await rollup(config);
      for (const output of config.output) await bundle.write(output);
      await bundle.close();
    }
    const integrity = Object.fromEntries(['stoa.js', 'index.js'].map((name) => [name, `sha384-${createHash('sha384').update(readFileSync(join(next, name))).digest('base64')}`]));
    writeFileSync(join(next, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
    rmSync(dist, { recursive: true, force: true });
    renameSync(next, dist);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  markBuilt(sources);
}

if (isMain(import.meta.url)) {
  process.chdir(root);
  try {
    await build();
  } catch (error) {
    console.error(error.loc ? `${error.loc.file}:${error.loc.line}: ${error.message}` : error.message);
    if (error.frame) console.error(error.frame);
    process.exitCode = 1;
  }
}

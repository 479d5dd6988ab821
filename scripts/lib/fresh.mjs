// Knows whether dist was built from the sources as they are now, so that a second start need not build again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

const stamp = join(root, '.test/built.json');
const dist = join(root, 'dist');

/** What the build reads. */
const inputs = ['src', 'plugins', 'themes', 'package.json', 'package-lock.json', 'rollup.config.mjs', 'tsconfig.json', 'tsconfig.types.json', 'scripts/build.mjs', 'scripts/lib/fresh.mjs'];

const filesIn = (path) => (statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : [path]).filter((file) => statSync(file).isFile()).sort();

function fingerprint() {
  const hash = createHash('sha256');
  for (const input of inputs.map((name) => join(root, name)).filter(existsSync)) for (const file of filesIn(input)) hash.update(`${file}\0${statSync(file).size}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** The files of dist with their sizes: one that was lost or cut makes it stale. */
const outputs = () => Object.fromEntries(filesIn(dist).map((file) => [file, statSync(file).size]));

/** Remembers that dist is what the sources say; `sources` was read before building. */
export function markBuilt(sources) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, JSON.stringify({ sources, outputs: outputs() }));
}

/** Forgets it, as a build begins. Gives back what the sources are now. */
export function beginBuild() {
  rmSync(stamp, { force: true });
  return fingerprint();
}

export function isFresh() {
  if (!existsSync(stamp) || !existsSync(dist)) return false;
  const built = JSON.parse(readFileSync(stamp, 'utf8'));
  return built.sources === fingerprint() && JSON.stringify(built.outputs) === JSON.stringify(outputs());
}

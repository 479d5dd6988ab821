// Tells whether node_modules is what package-lock.json asks for, without starting npm (which would take a second to say yes).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

function lock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** True when a package of the lock file is missing or has another version. npm leaves out optional ones that are for other machines. */
export function packagesAreStale(root) {
  const wanted = lock(join(root, 'package-lock.json'));
  if (!wanted) throw new Error('package-lock.json is missing: this folder is not a whole checkout.');
  const held = lock(join(root, 'node_modules/.package-lock.json'));
  if (!held) return true;
  return Object.entries(wanted).some(([path, { version, optional, extraneous }]) => path !== '' && !extraneous && (held[path] ? held[path].version !== version : !optional));
}

/** Installs exactly what the lock file says. */
export async function installPackages(root) {
  console.log('Installing the npm packages…');
  // The test runner's packages ask for a newer Node than they need: a page of warnings would look like a failure.
  return (await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root })) === 0;
}

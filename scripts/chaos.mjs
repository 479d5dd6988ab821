// Lets everything between two clients fail at random and counts what is missing: one run as the options say, or with --long all of them, in as many minutes as are given.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/built.mjs';
import { root } from './lib/root.mjs';
import { setup } from './setup.mjs';

/** How long all runs together may take. */
const LONG_MINUTES = 80;

try {
  await setup(['chromium', 'prosody', 'ejabberd']);
  await ensureBuilt();
  // Compiled by what npm brings, so only once setup has been.
  const { compile } = await import('./node-tests.mjs');
  const [main] = await compile([join(root, 'test/chaos/main.ts')]);
  const { chaos, longChaos } = await import(pathToFileURL(main).href);
  const args = process.argv.slice(2);
  process.exit((args[0] === '--long' ? await longChaos(Number(args[1]) || LONG_MINUTES) : await chaos(args)) ? 0 : 1);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

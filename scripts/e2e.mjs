// Runs end-to-end tests by themselves: sets up what is missing, builds if the sources have changed, then runs the files that were named, or all.
import { ensureBuilt } from './lib/built.mjs';
import { run } from './lib/run.mjs';
import { root } from './lib/root.mjs';
import { setup } from './setup.mjs';

try {
  await setup([process.env.BROWSER || 'chromium', 'prosody']);
  await ensureBuilt();
  process.exitCode = await run(process.execPath, ['scripts/node-tests.mjs', '--end-to-end', ...process.argv.slice(2)], { cwd: root });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

// Sees to it that dist is what the sources say, for everything that shows or measures it.
import { isFresh } from './fresh.mjs';
import { run } from './run.mjs';
import { root } from './root.mjs';

/** Builds unless nothing has changed; rejects when the build fails, which has said why. */
export async function ensureBuilt() {
  if (isFresh()) return;
  console.log('Building…');
  if ((await run(process.execPath, ['scripts/build.mjs'], { cwd: root })) !== 0) throw new Error('The build failed.');
}

/** The test run itself cannot hide a failure: whatever goes wrong in a stage is counted, and the last line is the sum. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'node:test';
import { root } from '../scripts/lib/root.mjs';
import { isAlive } from './support/processes.js';
import { until } from './support/until.js';

interface Stage {
  readonly name: string;
  readonly args: readonly string[];
  readonly counts?: boolean;
  readonly needs?: string;
  readonly minutes?: number;
}

const runStages = (...stages: readonly Stage[]) => {
  const module = pathToFileURL(join(root, 'scripts/lib/stages.mjs')).href;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', `import { runStages } from '${module}'; await runStages(${JSON.stringify(stages)});`], { encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1), stdout };
};
const good: Stage = { name: 'good', args: ['-e', ''] };
const counting = (name: string, passed: number, failed: number, code = 0): Stage => ({ name, counts: true, args: ['-e', `require('fs').writeFileSync(process.env.STOA_COUNTS, JSON.stringify({ passed: ${passed}, failed: ${failed} })); process.exit(${code})`] });

describe('a test run', () => {
  it('sums what the stages count, and says so at last', () => {
    const { status, last } = runStages(good, counting('some', 3, 0), counting('more', 4, 0));
    assert.deepEqual({ status, last }, { status: 0, last: '8 passed, 0 failed' });
  });

  it('runs all stages also after one has failed, and shows what it said', () => {
    const { status, last, stdout } = runStages({ name: 'bad', args: ['-e', 'console.log("why it failed"); process.exit(3)'] }, counting('some', 3, 2, 1));
    assert.deepEqual({ status, last }, { status: 1, last: '3 passed, 3 failed' });
    assert.match(stdout, /why it failed/u);
    assert.match(stdout, /✗ bad: 0 passed, 1 failed, .* \(ended with code 3\)/u);
  });

  it('takes a stage that ran nothing, or ended without counting, for a failure', () => {
    assert.equal(runStages(counting('none', 0, 0)).last, '0 passed, 1 failed');
    assert.equal(runStages({ name: 'silent', counts: true, args: ['-e', ''] }).last, '0 passed, 1 failed');
    assert.equal(runStages(counting('crashed', 5, 0, 1)).last, '5 passed, 1 failed');
  });

  it('does not run what needs a stage that failed, and counts it as failed', () => {
    const { last, stdout } = runStages({ name: 'build', args: ['-e', 'process.exit(1)'] }, { ...counting('end to end', 9, 0), needs: 'build' });
    assert.equal(last, '0 passed, 2 failed');
    assert.match(stdout, /not run, as “build” failed/u);
  });

  it('ends a stage that does not end by itself, with all that it started', async () => {
    const { status, last, stdout } = runStages({ name: 'stuck', minutes: 0.005, args: ['-e', "const { pid } = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']); console.log('started', pid); setInterval(() => 0, 1000)"] });
    assert.deepEqual({ status, last }, { status: 1, last: '0 passed, 1 failed' });
    const pid = Number(/started (\d+)/u.exec(stdout)?.[1]);
    assert.ok(pid > 0);
    await until('its child to be gone', () => !isAlive(pid));
  });
});

// Runs the stages of a test run one after the other: each tells its counts, none can hide a failure, and none outlives us.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} args what Node runs
 * @property {Readonly<Record<string, string>>} [env]
 * @property {boolean} [counts] whether it writes its counts to the file named by STOA_COUNTS; without, the whole stage counts as one
 * @property {string} [needs] the stage that must have passed for this one to make sense
 * @property {number} [minutes] how long it may take (default 10)
 */

/** @typedef {{ name: string, passed: number, failed: number, seconds: number, note: string }} Result */

/** The counts that a stage wrote; undefined when it ended before it could. */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs one program in a process group of its own, so that its browsers and servers end with it. Resolves with undefined for success, else with what was wrong. */
function runProgram({ args, env, minutes = 10 }, file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env, STOA_COUNTS: file }, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    let wrong;
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch (error) {
        // ESRCH: the whole group is gone, as it should be.
        if (error.code !== 'ESRCH') throw error;
      }
    };
    const tooLong = setTimeout(() => {
      wrong = `did not end within ${minutes} minutes`;
      end('SIGKILL');
    }, minutes * 60_000);
    const interrupted = (signal) => {
      end(signal);
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    child.on('error', (error) => (wrong = error.message));
    child.on('close', (code, signal) => {
      clearTimeout(tooLong);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      end('SIGKILL');
      resolve(wrong ?? (code === 0 ? undefined : signal ? `was ended by ${signal}` : `ended with code ${code}`));
    });
  });
}

/** @param {Stage} stage @returns {Promise<Result>} */
async function runStage(stage) {
  const file = join(root, '.test/counts', `${stage.name.replaceAll(/\W+/g, '-')}.json`);
  rmSync(file, { force: true });
  console.log(`\n── ${stage.name}`);
  const started = performance.now();
  const wrong = await runProgram(stage, file);
  const seconds = (performance.now() - started) / 1000;
  const { passed, failed } = stage.counts ? (readCounts(file) ?? { passed: 0, failed: 0 }) : { passed: wrong ? 0 : 1, failed: 0 };
  if (wrong) return { name: stage.name, passed, failed: Math.max(failed, 1), seconds, note: wrong };
  if (passed + failed === 0) return { name: stage.name, passed, failed: 1, seconds, note: 'ran nothing' };
  return { name: stage.name, passed, failed, seconds, note: '' };
}

/**
 * Runs all stages, also after one has failed, prints a line for each and at last the sum. The exit code says whether everything passed.
 *
 * @param {readonly Stage[]} stages
 */
export async function runStages(stages) {
  mkdirSync(join(root, '.test/counts'), { recursive: true });
  /** @type {Result[]} */
  const results = [];
  for (const stage of stages) {
    const needed = results.find(({ name }) => name === stage.needs);
    results.push(needed && needed.failed > 0 ? { name: stage.name, passed: 0, failed: 1, seconds: 0, note: `not run, as “${stage.needs}” failed` } : await runStage(stage));
  }
  console.log('');
  for (const { name, passed, failed, seconds, note } of results) console.log(`${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s${note && ` (${note})`}`);
  tellSum(results);
}

/** The last line of every test run, and the exit code that goes with it. */
export function tellSum(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
}

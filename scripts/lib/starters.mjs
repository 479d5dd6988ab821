// Knows who started us, to notice when they are gone: npm puts a shell between itself and a script, and a shell outlives npm without a word.
import { readFileSync } from 'node:fs';
import { read } from './run.mjs';

/** The parent of a process, from what the kernel or ps tells; undefined if nobody tells. */
function parentOf(pid) {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) || undefined;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return Number(read('ps', ['-o', 'ppid=', '-p', String(pid)]).out) || undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Calls once when who started us is gone: the parent, and npm behind its shell. */
export function onAbandoned(run) {
  const parent = process.ppid;
  const behind = process.env.npm_lifecycle_event ? parentOf(parent) : undefined;
  const watch = setInterval(() => {
    if (process.ppid === parent && (behind === undefined || behind <= 1 || isAlive(behind))) return;
    clearInterval(watch);
    run();
  }, 500);
  watch.unref();
}

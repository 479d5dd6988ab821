/** Looks at processes of this machine, as the kernel tells of them. */
import { readdirSync, readFileSync } from 'node:fs';

const stat = (pid: number | string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // It ended while we looked.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
};

/** Whether a process runs. A zombie has ended; it waits for nobody but its parent. */
export const isAlive = (pid: number): boolean => {
  const its = stat(pid);
  return its !== undefined && !/\) Z /u.test(its);
};

/** A process and all below it. */
export const family = (pid: number): readonly number[] => {
  const parents = readdirSync('/proc').filter(name => /^\d+$/u.test(name)).map(name => [Number(name), Number(/\) \S (\d+)/u.exec(stat(name) ?? '')?.[1])] as const);
  const found = [pid];
  for (const member of found) for (const [child, parent] of parents) if (parent === member) found.push(child);
  return found;
};

/** How a process was started. */
export const commandOf = (pid: number): string => (stat(pid) === undefined ? '' : readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));

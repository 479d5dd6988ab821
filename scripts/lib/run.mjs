// Starts other programs from the scripts: one place that knows how to wait for them, read them and end them.
import { spawn, spawnSync } from 'node:child_process';

/** Runs a program with our own terminal and resolves with its exit code; a program that cannot be started counts as 127. */
export function run(command, args, { env, cwd, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit' });
    const endWithUs = () => child.kill();
    process.once('exit', endWithUs);
    child.on('close', () => process.off('exit', endWithUs));
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Runs a program and gives back what it printed; `ok` is false for a missing program as well as for a failing one. */
export function read(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  return { ok: !done.error && done.status === 0, out: done.stdout ?? '', err: done.stderr ?? String(done.error ?? '') };
}

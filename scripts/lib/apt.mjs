// Installs Debian packages without letting any server among them start system-wide.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { onPath } from './programs.mjs';
import { read, run } from './run.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/** 'root' when we may install at once, 'sudo' when sudo asks no password, undefined when we may not install at all. */
export function mayInstall() {
  if (!onPath('apt-get')) return undefined;
  if (process.getuid?.() === 0) return 'root';
  return onPath('sudo') && read('sudo', ['-n', 'true']).ok ? 'sudo' : undefined;
}

const hasPackageLists = () => existsSync('/var/lib/apt/lists') && readdirSync('/var/lib/apt/lists').some((name) => name.includes('_Packages'));

/** Installs the packages; resolves with false when apt could not. */
export async function aptInstall(packages) {
  const right = mayInstall();
  if (!right) return false;
  const apt = (...args) => (right === 'root' ? run('apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' } }) : run('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]));
  const install = async () => (await apt('install', '-y', '-q', '--no-install-recommends', ...packages)) === 0;

  // Debian starts a server as soon as it is installed. 101 tells its scripts that starting is forbidden here.
  const ours = !existsSync(POLICY);
  const giveBack = () => allowStarts(right);
  // Ctrl-C must not leave the policy behind: it would keep every later package of this machine from starting its service.
  const interrupted = () => {
    giveBack();
    process.exit(130);
  };
  if (ours) {
    denyStarts(right);
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  }
  try {
    if (!hasPackageLists()) await apt('update', '-q');
    if (await install()) return true;
    // Lists that are too old name files that the mirror no longer has: fresh lists are worth one more try.
    await apt('update', '-q');
    return await install();
  } finally {
    if (ours) {
      giveBack();
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    }
  }
}

function denyStarts(right) {
  const script = '#!/bin/sh\nexit 101\n';
  if (right === 'root') writeFileSync(POLICY, script, { mode: 0o755 });
  else if (!read('sudo', ['-n', 'sh', '-c', `cat > ${POLICY} && chmod 755 ${POLICY}`], { input: script }).ok) throw new Error(`${POLICY} could not be written, and without it the packages would start their servers.`);
}

function allowStarts(right) {
  if (right === 'root') rmSync(POLICY, { force: true });
  else read('sudo', ['-n', 'rm', '-f', POLICY]);
}

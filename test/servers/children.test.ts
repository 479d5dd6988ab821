/** The servers of the tests are guests on this machine: they open one port to it alone, keep their data over a power cut, and go when who started them goes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { connectPeer } from '../../demo/server/peer.mjs';
import { answers } from '../../demo/server/ports.mjs';
import { startServer } from '../../demo/server/servers.mjs';
import { root } from '../../scripts/lib/root.mjs';
import { family } from '../support/processes.js';
import { until } from '../support/until.js';

/** Where a process and all below it listen, as `address:port` in the kernel's own hexadecimal form. */
const listening = (pid: number): readonly string[] => {
  const open = new Set(
    family(pid).flatMap(member => {
      try {
        return readdirSync(`/proc/${member}/fd`).map(fd => readlinkSync(`/proc/${member}/fd/${fd}`));
      } catch (error) {
        // It has just ended, or has just closed what we were looking at.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    }),
  );
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap(kind =>
    readFileSync(`/proc/net/${kind}`, 'utf8').split('\n').slice(1).flatMap(line => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/u);
      return open.has(`socket:[${inode ?? ''}]`) && (state === '0A' || kind.startsWith('udp')) ? [local] : [];
    }),
  );
};

const inHex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

for (const name of ['prosody', 'ejabberd'] as const) {
  describe(`${name} as a child`, () => {
    it('listens on one port of this machine and nowhere else', async () => {
      const before = new Set(listening(process.pid));
      const server = await startServer(name);
      try {
        assert.deepEqual(listening(process.pid).filter(place => !before.has(place)), [`0100007F:${inHex(server.port)}`]);
      } finally {
        await server.stop();
      }
    });

    it('keeps accounts and archive over a power cut', async () => {
      const server = await startServer(name, { accounts: ['ana', 'ben'].map(user => ({ user, password: 'secret' })) });
      const logIn = () => connectPeer({ service: server.ws, domain: server.domain, username: 'ana', password: 'secret' });
      try {
        const before = await logIn();
        await before.say('ben@localhost', 'for later');
        await before.settle();
        await server.kill();
        assert.equal(await answers(server.port), false);
        await server.start();
        const after = await logIn();
        assert.deepEqual((await after.archive()).map(({ body }) => body), ['for later']);
        await after.stop();
      } finally {
        await server.stop();
      }
    });

    it('goes when who started it is killed', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'stoa-child-'));
      const script = `import { startServer } from ${JSON.stringify(join(root, 'demo/server/servers.mjs'))}; const server = await startServer('${name}', { dir: ${JSON.stringify(dir)} }); console.log(server.port); setInterval(() => 0, 1000);`;
      const starter = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const port = await new Promise<number>((resolve, reject) => {
        createInterface({ input: starter.stdout }).once('line', line => resolve(Number(line)));
        starter.once('exit', () => reject(new Error('The starter ended before it had started anything')));
      });
      assert.equal(await answers(port), true);
      starter.removeAllListeners('exit');
      starter.kill('SIGKILL');
      await until('nobody to answer', async () => !(await answers(port)));
      rmSync(dir, { recursive: true, force: true });
    });
  });
}

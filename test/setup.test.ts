/** Setup on machines that are not ready: it runs on Node alone, and where it may not install it says in one sentence what to do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { packagesAreStale } from '../scripts/lib/packages.mjs';
import { root } from '../scripts/lib/root.mjs';

const folder = mkdtempSync(join(tmpdir(), 'stoa-setup-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs a script on a machine that has only the given programs. */
const runWith = (programs: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const [name, script] of Object.entries(programs)) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env: { PATH: bin, CHROME_PATH: '', HOME: folder }, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('setup', () => {
  it('says in one sentence what to install and how, where it may not install', () => {
    const { status, stderr, stdout } = runWith({}, 'scripts/setup.mjs', 'chromium', 'webkit');
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^Chromium and WebKitGTK with its driver, and Xvfb must be installed by hand, .*\.\n$/u);
    for (const way of ['“sudo apt install chromium webkit2gtk-driver xvfb”', '“sudo dnf install chromium”', '“brew install --cask chromium”', '“docker run']) assert.ok(stderr.includes(way), way);
  });

  it('ends a whole test run with that sentence, a count and an error', () => {
    const { status, stderr, stdout } = runWith({}, 'scripts/test.mjs');
    assert.equal(status, 1);
    assert.match(stderr, /must be installed by hand/u);
    assert.equal(stdout.trimEnd().split('\n').at(-1), '0 passed, 1 failed');
  });

  it('ends the demo with that sentence and an error', () => {
    const { status, stderr } = runWith({}, 'scripts/demo.mjs');
    assert.equal(status, 1);
    assert.match(stderr, /^Prosody with SQLite for Lua must be installed by hand/u);
  });

  it('says the same when apt is there and fails', () => {
    const { status, stderr } = runWith({ 'apt-get': 'exit 100', sudo: 'exit 1', sh: 'exit 1' }, 'scripts/setup.mjs', 'chromium');
    assert.equal(status, 1);
    assert.match(stderr, /Chromium must be installed by hand/u);
  });

  it('finds a browser elsewhere by its path', () => {
    const path = join(folder, 'my-browser');
    writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
    const { status } = spawnSync(process.execPath, ['scripts/setup.mjs', 'chromium'], { cwd: root, env: { PATH: folder, CHROME_PATH: path } });
    assert.equal(status, 0);
  });

  it('names what it does not know', () => {
    const { status, stderr } = runWith({}, 'scripts/setup.mjs', 'opera');
    assert.equal(status, 1);
    assert.equal(stderr, 'There is nothing to set up under opera; known are chromium, prosody, prosody-modules, ejabberd, firefox, webkit.\n');
  });

  it('asks for nothing from npm before npm has been', () => {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)\s(?:[^'"=]*\sfrom\s)?['"]([^'"]+)['"]/gmu)) {
        if (specifier.startsWith('.')) visit(resolve(dirname(path), specifier));
        else assert.match(specifier, /^node:/u, `${path} imports ${specifier}`);
      }
    };
    for (const script of ['test', 'setup', 'demo']) visit(join(root, `scripts/${script}.mjs`));
    assert.ok(seen.size > 6);
  });

  it('sees that packages are missing, of another version, or as they should be', () => {
    const checkout = mkdtempSync(join(folder, 'checkout-'));
    const lock = (path: string, packages: object): void => {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), JSON.stringify({ packages }));
    };
    assert.throws(() => packagesAreStale(checkout), /not a whole checkout/u);
    lock('package-lock.json', { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', optional: true } });
    assert.equal(packagesAreStale(checkout), true);
    lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
    assert.equal(packagesAreStale(checkout), false);
    lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.1' } });
    assert.equal(packagesAreStale(checkout), true);
    assert.equal(packagesAreStale(root), false);
  });

  it('works from a folder that is reached by a link', () => {
    const link = join(folder, 'link');
    symlinkSync(root, link);
    const { status, stderr } = spawnSync(process.execPath, [join(link, 'scripts/setup.mjs'), 'opera'], { encoding: 'utf8', env: { PATH: folder } });
    assert.equal(status, 1, 'the script thought that it was only imported');
    assert.match(stderr, /nothing to set up/u);
  });
});

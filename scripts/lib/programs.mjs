// Knows where the programs live that npm cannot install, so that setup, demo and tests look in the same places.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: both mean that the search goes on.
    return false;
  }
}

/** The full path of the first of the names that is on PATH (or in the folders where servers are installed), or undefined. */
export function onPath(...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'].filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (isProgram(path)) return path;
    }
  }
  return undefined;
}

const fromEnvironment = (name) => {
  const path = process.env[name];
  return path && isProgram(path) ? path : undefined;
};

export const findChromium = () =>
  fromEnvironment('CHROME_PATH') ??
  onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome') ??
  ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'].find(isProgram);

/** What keeps Chromium from sandboxing as root, from small shared memory, and from looking for a network at its start. */
export const chromiumFlags = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'];

export const findFirefox = () =>
  fromEnvironment('FIREFOX_PATH') ?? onPath('firefox-esr', 'firefox') ?? ['/Applications/Firefox.app/Contents/MacOS/firefox'].find(isProgram);

export const findProsody = () => onPath('prosody');
export const findProsodyctl = () => onPath('prosodyctl');
export const findWebKitDriver = () => fromEnvironment('WEBKIT_DRIVER_PATH') ?? onPath('WebKitWebDriver');
export const findXvfb = () => onPath('Xvfb');

const libraryRoots = ['/usr/lib', '/usr/local/lib', '/opt/homebrew/lib', '/usr/lib64'];
const machines = ['', 'x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'];

/** Whether the community's modules for SASL2 are where Prosody finds them. */
export const hasProsodyModules = () => libraryRoots.some((root) => existsSync(join(root, 'prosody/modules/mod_sasl2_fast')));

export const findErlang = () => onPath('erl');

/** The folder that holds an Erlang library; undefined if it is nowhere. */
function erlangLibrary(name) {
  const folders = libraryRoots.flatMap((root) => [...machines, 'erlang/lib'].map((inner) => join(root, inner)));
  return folders.find((folder) => existsSync(folder) && readdirSync(folder).some((entry) => entry.startsWith(`${name}-`) && existsSync(join(folder, entry, 'ebin'))));
}

export const findEjabberd = () => erlangLibrary('ejabberd');
export const hasErlangSqlite = () => erlangLibrary('p1_sqlite3') !== undefined;
export const hasErlangOauth = () => erlangLibrary('p1_oauth2') !== undefined;

/** Whether Prosody's Lua can keep an archive in SQLite; looked up as files, since asking Lua itself would cost a start of it. */
export function hasLuaSqlite() {
  const versions = ['5.4', '5.3', '5.2', '5.1'];
  return libraryRoots.some((root) => machines.some((machine) => versions.some((version) => existsSync(join(root, machine, 'lua', version, 'dbd', 'sqlite3.so')))));
}

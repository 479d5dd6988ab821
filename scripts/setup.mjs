// Makes a machine ready to build, test and show Stoa: finds what is missing and installs it. Uses only Node's own modules, as it runs before npm has.
import { existsSync } from 'node:fs';
import { aptInstall, mayInstall } from './lib/apt.mjs';
import { isMain } from './lib/main.mjs';
import { installPackages, packagesAreStale } from './lib/packages.mjs';
import { findChromium, findEjabberd, findErlang, findFirefox, findProsody, findProsodyctl, findWebKitDriver, findXvfb, hasErlangOauth, hasErlangSqlite, hasLuaSqlite, hasProsodyModules } from './lib/programs.mjs';
import { root } from './lib/root.mjs';

/** What can be asked for: how to find it, and which packages bring it by apt, dnf and brew. */
const needs = {
  chromium: { name: 'Chromium', found: () => Boolean(findChromium()), apt: ['chromium'], dnf: ['chromium'], brew: ['--cask chromium'] },
  prosody: {
    name: 'Prosody with SQLite for Lua',
    found: () => Boolean(findProsody() && findProsodyctl() && hasLuaSqlite()),
    // lua-event and lua-unbound are what Prosody uses when it can; lua-sec and lua-zlib it misses loudly.
    apt: ['prosody', 'lua-dbi-sqlite3', 'lua-event', 'lua-sec', 'lua-unbound', 'lua-zlib'],
    dnf: ['prosody', 'lua-dbi'],
    brew: ['prosody/prosody/prosody'],
  },
  // For tests alone: the logins that Prosody 0.12 does not have itself.
  'prosody-modules': { name: 'Prosody’s community modules', found: hasProsodyModules, apt: ['prosody-modules'], dnf: [], brew: [] },
  ejabberd: {
    name: 'ejabberd with SQLite and OAuth for Erlang',
    found: () => Boolean(findErlang() && findEjabberd() && hasErlangSqlite() && hasErlangOauth()),
    apt: ['ejabberd', 'erlang-p1-sqlite3', 'erlang-p1-oauth2'],
    dnf: ['ejabberd'],
    brew: ['ejabberd'],
  },
  firefox: { name: 'Firefox', found: () => Boolean(findFirefox()), apt: ['firefox-esr'], dnf: ['firefox'], brew: ['--cask firefox'] },
  webkit: { name: 'WebKitGTK with its driver, and Xvfb', found: () => Boolean(findWebKitDriver() && findXvfb()), apt: ['webkit2gtk-driver', 'xvfb'], dnf: [], brew: [] },
};

/** Sets up what the names ask for; resolves with nothing, or throws an Error whose message is the one sentence a person needs. */
export async function setup(names = ['chromium', 'prosody']) {
  if (packagesAreStale(root) && !(await installPackages(root))) throw new Error('The npm packages could not be installed: run “npm ci” in this folder and read what it says.');
  const missing = names.map((name) => needs[name]).filter(({ found }) => !found());
  if (missing.length === 0) return;
  if (mayInstall()) {
    console.log(`Installing ${namesOf(missing)} by apt…`);
    await aptInstall(missing.flatMap((need) => need.apt));
    for (const server of ['prosody', 'ejabberd']) {
      if (missing.includes(needs[server]) && existsSync('/run/systemd/system')) console.log(`Stoa starts servers of its own; Debian’s would start with the machine, unless “sudo systemctl disable ${server}” forbids it.`);
    }
  }
  const still = missing.filter(({ found }) => !found());
  if (still.length > 0) throw new Error(howTo(still));
}

const namesOf = (list) => list.map(({ name }) => name).join(' and ');

/** One sentence: what is missing, and how it is installed where we may not or cannot. */
function howTo(missing) {
  const by = (manager) => missing.flatMap((need) => need[manager]);
  const ways = [
    `“sudo apt install ${by('apt').join(' ')}” on Debian or Ubuntu`,
    by('dnf').length > 0 && `“sudo dnf install ${by('dnf').join(' ')}” on Fedora`,
    by('brew').length > 0 && `${by('brew').map((what) => `“brew install ${what}”`).join(' and ')} on macOS`,
    'or run all of this as root in a container, by “docker run --rm -it -v "$PWD":/stoa -w /stoa node:22-bookworm npm test”',
  ];
  return `${namesOf(missing)} must be installed by hand, as it cannot be done from here: ${ways.filter(Boolean).join(', ')} (CHROME_PATH, FIREFOX_PATH and WEBKIT_DRIVER_PATH may name browsers elsewhere).`;
}

if (isMain(import.meta.url)) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !(name in needs));
  try {
    if (unknown.length > 0) throw new Error(`There is nothing to set up under ${unknown.join(', ')}; known are ${Object.keys(needs).join(', ')}.`);
    await setup(names.length > 0 ? names : undefined);
    console.log('Everything that is needed is here.');
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

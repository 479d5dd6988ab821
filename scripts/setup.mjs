// Makes a machine ready to build, test and show Stoa: finds what is missing and installs it. Uses only Node's own modules, as it runs before npm has.
import { pathToFileURL } from 'node:url';
import { aptInstall, mayInstall } from './lib/apt.mjs';
import { installPackages, packagesAreStale } from './lib/packages.mjs';
import { findChromium, findFirefox, findProsody, findProsodyctl, findWebKitDriver, findXvfb, hasLuaSqlite } from './lib/programs.mjs';
import { root } from './lib/root.mjs';

/** What can be asked for: how to find it, and which Debian packages bring it. */
const needs = {
  chromium: { name: 'Chromium', found: () => Boolean(findChromium()), packages: ['chromium'] },
  prosody: {
    name: 'Prosody with SQLite for Lua',
    found: () => Boolean(findProsody() && findProsodyctl() && hasLuaSqlite()),
    // lua-event and lua-unbound are what Prosody uses when it can; lua-sec and lua-zlib it misses loudly.
    packages: ['prosody', 'lua-dbi-sqlite3', 'lua-event', 'lua-sec', 'lua-unbound', 'lua-zlib'],
  },
  firefox: { name: 'Firefox', found: () => Boolean(findFirefox()), packages: ['firefox-esr'] },
  webkit: { name: 'WebKitGTK with its driver, and Xvfb', found: () => Boolean(findWebKitDriver() && findXvfb()), packages: ['webkit2gtk-driver', 'xvfb'] },
};

/** Sets up what the names ask for; resolves with nothing, or throws an Error whose message is the one sentence a person needs. */
export async function setup(names = ['chromium', 'prosody']) {
  if (packagesAreStale(root) && !(await installPackages(root))) throw new Error('The npm packages could not be installed: run "npm ci" in this folder and read what it says.');
  const missing = names.map((name) => needs[name]).filter((need) => !need.found());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const list = missing.map((need) => need.name).join(' and ');
  if (mayInstall()) {
    console.log(`Installing ${list} by apt…`);
    await aptInstall(packages);
  }
  const still = missing.filter((need) => !need.found());
  if (still.length > 0) throw new Error(howTo(still));
}

function howTo(still) {
  const list = still.map((need) => need.name).join(' and ');
  const apt = still.flatMap((need) => need.packages).join(' ');
  return `${list} must be installed by hand: on Debian or Ubuntu "sudo apt install ${apt}", on Fedora and macOS the packages of the same programs by "sudo dnf install" or "brew install" (CHROME_PATH, FIREFOX_PATH and WEBKIT_DRIVER_PATH may point to browsers elsewhere), or run this as root in a container such as node:22-bookworm.`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
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

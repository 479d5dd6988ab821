// Unit and component tests run in a real browser with a real IndexedDB: Chromium, or what BROWSER names (firefox, webkit).
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { countingReporter } from './scripts/lib/browser-counts.mjs';
import { firefoxLauncher } from './scripts/lib/firefox-launcher.mjs';
import { chromiumFlags, findChromium } from './scripts/lib/programs.mjs';
import { allTests, isBrowserTest } from './scripts/lib/test-files.mjs';
import { bundleVendor } from './scripts/lib/vendor.mjs';
import { webkitLauncher } from './scripts/lib/webkit-launcher.mjs';

const launchers = {
  chromium: () => chromeLauncher({ launchOptions: { executablePath: findChromium(), args: [...chromiumFlags] }, concurrency: 1 }),
  firefox: firefoxLauncher,
  webkit: webkitLauncher,
};
const launcher = launchers[process.env.BROWSER || 'chromium'];
if (!launcher) throw new Error(`BROWSER is “${process.env.BROWSER}”; tests run in ${Object.keys(launchers).join(', ')}.`);

await bundleVendor();

/** @xmpp is not loaded as it comes but as the build takes it, so the one file that names it is served as a bundle. */
const vendor = { name: 'vendor-bundle', resolveImport: ({ source }) => (source.endsWith('/vendor.js') ? '/.test/vendor.js' : undefined) };

export default {
  files: allTests().filter(isBrowserTest),
  nodeResolve: { browser: true },
  concurrency: 1,
  plugins: [vendor, esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' })],
  browsers: [launcher()],
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  reporters: [defaultReporter(), countingReporter()],
  testFramework: { config: { ui: 'bdd', timeout: 10000 } },
};

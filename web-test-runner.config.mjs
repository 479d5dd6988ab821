// Unit and component tests run in a real browser with a real IndexedDB: Chromium by default, BROWSER=firefox for the other.
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { puppeteerLauncher } from '@web/test-runner-puppeteer';
import { findChromium, findFirefox } from './scripts/lib/programs.mjs';
import { bundleVendor } from './scripts/lib/vendor.mjs';

const firefox = process.env.BROWSER === 'firefox';
const chromeFlags = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'];

await bundleVendor();

/** @xmpp is CommonJS underneath and cannot be loaded unbundled, so the one file that names it is served as a bundle. */
const vendor = { name: 'vendor-bundle', resolveImport: ({ source }) => (source.endsWith('/vendor.js') ? '/.test/vendor.js' : undefined) };

export default {
  files: 'test/{base,xmpp,store,tabs,model,app,features,components}/**/*.test.ts',
  nodeResolve: { browser: true },
  concurrency: 1,
  plugins: [vendor, esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' })],
  browsers: [
    firefox
      ? puppeteerLauncher({ launchOptions: { browser: 'firefox', executablePath: findFirefox(), headless: true }, concurrency: 1 })
      : chromeLauncher({ launchOptions: { executablePath: findChromium(), args: chromeFlags }, concurrency: 1 }),
  ],
  testFramework: { config: { ui: 'bdd', timeout: 10000 } },
};

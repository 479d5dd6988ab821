// Says which runner a test file belongs to, in one place, so that no file is left out by all of them.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Folders under test/ that mirror src and run in a browser. */
export const browserFolders = ['base', 'entities', 'xmpp', 'store', 'tabs', 'model', 'app', 'features', 'page-door', 'components', 'themes', 'plugins'];

/** Test files beside them that mirror a file of src itself. */
const browserFiles = ['core', 'index', 'embed', 'api', 'api-ui', 'environment'].map((name) => `test/${name}.test.ts`);

/** Every test file of the project, as paths from its root. @returns {string[]} */
export const allTests = () =>
  readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith('.test.ts'))
    .sort();

/** @param {string} path */
export const isBrowserTest = (path) => browserFiles.includes(path) || browserFolders.some((folder) => path.startsWith(`test/${folder}/`));
/** What WebKit's driver can see: no console, and a page without the driver's own timers and listeners in it there is none. */
const inWebKit = ['conversation', 'broken-wire', 'strict-page'].map((name) => `test/e2e/${name}.test.ts`);

/** Whether a file runs end to end, in the browser that BROWSER names. @param {string} path @param {string} [browser] @returns {boolean} */
export const isEndToEndTest = (path, browser = process.env.BROWSER) => (browser === 'webkit' ? inWebKit.includes(path) : path.startsWith('test/e2e/') && (browser !== 'firefox' || !path.startsWith('test/e2e/demo')));
/** Whether a file runs against both servers. @param {string} path @returns {boolean} */
export const isServersTest = (path) => path.startsWith('test/servers/');
/** What Node runs: rules about the code, the scripts and the tests' own tools, all directly in test/, in test/scripts or in test/chaos. @param {string} path @returns {boolean} */
export const isNodeTest = (path) => !isBrowserTest(path) && (/^test\/[^/]+$/.test(path) || ['test/scripts/', 'test/chaos/'].some((folder) => path.startsWith(folder)));

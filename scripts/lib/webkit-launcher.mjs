// Lets the browser test runner use WebKit: a launcher that speaks WebDriver, one page after the other.
import { startWebKit } from './webdriver.mjs';

/** What the commands of the test runner ask of a page, in the words of Playwright, which they know. */
const pageOf = (browser) => ({
  setViewportSize: ({ width, height }) => browser.resize(width, height),
  keyboard: { press: (keys) => pressAll(browser, keys.split('+')), type: browser.type, down: browser.keyDown, up: browser.keyUp },
  mouse: { move: browser.move, click: browser.click },
});

/** Holds all keys but the last one, presses that, and lets go. */
async function pressAll(browser, [key, ...rest]) {
  if (rest.length === 0) return browser.press(key);
  await browser.keyDown(key);
  await pressAll(browser, rest);
  return browser.keyUp(key);
}

/** A launcher of @web/test-runner. */
export function webkitLauncher() {
  let browser;
  let config;
  const active = new Map();
  return {
    name: 'WebKitGTK',
    // So its commands take it for something that they can ask.
    type: 'playwright',
    getPage: () => pageOf(browser),
    concurrency: 1,
    async initialize(given) {
      config = given;
      browser = await startWebKit();
      this.name = browser.version;
    },
    async startSession(id, url) {
      active.set(id, url);
      await browser.open(url);
    },
    isActive: (id) => active.has(id),
    getBrowserUrl: (id) => active.get(id),
    async stopSession(id) {
      active.delete(id);
      await browser.open('about:blank');
      return { testCoverage: config.coverage ? {} : undefined };
    },
    async startDebugSession() {
      throw new Error('There is no debug session in WebKit.');
    },
    async stop() {
      await browser?.stop();
    },
  };
}

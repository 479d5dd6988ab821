// Lets the browser test runner use WebKit: a launcher that speaks WebDriver, one page after the other.
import { startWebKit } from './webdriver.mjs';

/** A launcher of @web/test-runner. Of its commands only the pressing and typing of keys reaches this browser. */
export function webkitLauncher() {
  let browser;
  let config;
  const active = new Map();
  return {
    name: 'WebKitGTK',
    type: 'webdriver',
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
    /** @param {string} _id @param {readonly string[]} keys */
    async sendKeys(_id, keys) {
      for (const key of keys) await browser.press(key);
    },
    async startDebugSession() {
      throw new Error('There is no debug session in WebKit.');
    },
    async stop() {
      await browser?.stop();
    },
  };
}

// A burst of 2,000 live messages into an open conversation: how long the page was ever busy in one go, and whether every message is there. Prints figures, judges no time.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { connectPeer } from '../../demo/server/peer.mjs';
import { startPages } from '../../demo/server/pages.mjs';
import { startProsody } from '../../demo/server/prosody.mjs';
import { ensureBuilt } from '../../scripts/lib/built.mjs';
import { chromiumFlags, findChromium } from '../../scripts/lib/programs.mjs';
import { setup } from '../../scripts/setup.mjs';

const COUNT = Number(process.argv[2] ?? 2000);

/** Runs in the page, before the chat: notes tasks over 50 ms as the browser tells them, and the longest silence of a clock that ticks every few milliseconds. */
function measure() {
  const tasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => tasks.push({ start: entry.startTime, duration: entry.duration }))).observe({ type: 'longtask', buffered: true });
  const silences = [];
  let last = performance.now();
  const { port1, port2 } = new MessageChannel();
  const tick = () => {
    const now = performance.now();
    if (now - last > 20) silences.push({ start: last, duration: now - last });
    last = now;
    setTimeout(() => port2.postMessage(0), 5);
  };
  port1.onmessage = tick;
  tick();
  window.figures = (since) => ({ tasks: tasks.filter(({ start }) => start >= since), silences: silences.filter(({ start }) => start >= since) });
}

const looks = () => {
  const root = document.querySelector('stoa-chat').shadowRoot;
  return { texts: [...root.querySelectorAll('article.message .text')].map(({ textContent }) => textContent), nodes: root.querySelectorAll('article.message').length };
};

/** Scrolls to the top again and again and gathers what is to be seen, until the beginning stays. */
const scrollUp = async (first) => {
  const root = document.querySelector('stoa-chat').shadowRoot;
  const log = root.querySelector('[role=log]');
  const seen = new Set();
  const gather = () => root.querySelectorAll('article.message .text').forEach(({ textContent }) => seen.add(textContent));
  let most = 0;
  for (let still = 0; still < 100 && !seen.has(first); ) {
    const before = seen.size;
    gather();
    most = Math.max(most, root.querySelectorAll('article.message').length);
    log.scrollTop = 0;
    log.dispatchEvent(new Event('scroll'));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
    gather();
    still = seen.size === before ? still + 1 : 0;
  }
  return { seen: [...seen], most };
};

async function bench() {
  await setup(['chromium', 'prosody']);
  await ensureBuilt();
  const server = await startProsody({ accounts: [{ user: 'support', password: 'support' }] });
  const site = await startPages({ pages: { '/page': `<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script>(${measure})()</script><script async src="/dist/stoa.js" data-service="${server.ws}" data-domain="${server.guestDomain}" data-to="support@localhost"></script>` } });
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags] });
  const support = await connectPeer({ service: server.ws, domain: server.domain, username: 'support', password: 'support' });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`uncaught: ${error.message}`));
    await page.goto(`${site.url}/page`);
    await page.click('stoa-chat [part=launcher]');
    await page.fill('stoa-chat textarea', 'hello');
    await page.press('stoa-chat textarea', 'Enter');
    const { from } = (await support.message((stanza) => stanza.getChildText('body') === 'hello')).attrs;
    await page.waitForFunction(() => document.querySelector('stoa-chat').shadowRoot.querySelector('.tick.sent, .tick.delivered'));
    const since = await page.evaluate(() => performance.now());
    const started = performance.now();
    const wanted = Array.from({ length: COUNT }, (_, index) => `message ${index + 1} of the burst`);
    await Promise.all(wanted.map((text) => support.say(from, text)));
    await page.waitForFunction((last) => [...document.querySelector('stoa-chat').shadowRoot.querySelectorAll('article.message .text')].at(-1)?.textContent === last, wanted.at(-1), { timeout: 120_000 });
    const seconds = (performance.now() - started) / 1000;
    const { tasks, silences } = await page.evaluate((at) => window.figures(at), since);
    const { nodes } = await page.evaluate(looks);

    const stored = await page.evaluate(async () => {
      const texts = [];
      for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((resolve, reject) => Object.assign(indexedDB.open(name), { onsuccess: ({ target }) => resolve(target.result), onerror: reject }));
        for (const store of db.objectStoreNames) {
          const rows = await new Promise((resolve, reject) => Object.assign(db.transaction(store).objectStore(store).getAll(), { onsuccess: ({ target }) => resolve(target.result), onerror: reject }));
          for (const row of rows) texts.push(...(JSON.stringify(row).match(/message \d+ of the burst/g) ?? []));
        }
        db.close();
      }
      return [...new Set(texts)];
    });
    const { seen, most } = await page.evaluate(scrollUp, 'hello');

    const longest = (list) => (list.length === 0 ? 'none' : `${Math.max(...list.map(({ duration }) => duration)).toFixed(0)} ms (${list.length} of them)`);
    console.log(`${COUNT} messages in ${seconds.toFixed(1)} s, that is ${(COUNT / seconds).toFixed(0)} a second, from the sender’s first to the last one on the screen`);
    console.log(`longest task over 50 ms: ${longest(tasks)}`);
    console.log(`longest silence of a 5 ms clock over 20 ms: ${longest(silences)}`);
    console.log(`stored: ${stored.length} of ${COUNT}; reached by scrolling up: ${wanted.filter((text) => seen.includes(text)).length} of ${COUNT}; message nodes at the end ${nodes}, at most ${most}`);
    assert.equal(stored.length, COUNT, 'every message is stored');
    assert.deepEqual(wanted.filter((text) => !seen.includes(text)), [], 'every message is reached by scrolling up');
  } finally {
    await browser.close();
    await support.stop();
    await site.stop();
    await server.stop();
  }
}

await bench();

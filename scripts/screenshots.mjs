// Makes pictures of the running demo: every mode, light and dark, on a desktop and a phone; and the one that the README shows.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isMain } from './lib/main.mjs';
import { root } from './lib/root.mjs';
import { setup } from './setup.mjs';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** What a visitor and the shop say to each other; `visitor` first. */
const lines = [
  ['visitor', 'Hello! Could the desk Fenna be made 160 cm wide?'],
  ['support', 'Good morning. Yes, in walnut and in oak.'],
  ['support', 'It takes three weeks and costs € 90 more.'],
  ['visitor', 'Lovely, thank you.'],
  ['visitor', 'I will come by on Saturday to see the wood.'],
  ['support', 'See you then. There is coffee.'],
];

/** A tab in a profile of its own, as a person with this device and this taste has it. */
async function newTab(browser, { size, dark }) {
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', hasTouch: size === PHONE, isMobile: size === PHONE, deviceScaleFactor: size === PHONE ? 2 : 1, locale: 'en-GB' });
  return context.newPage();
}

/** Waits until a message is on the screen. */
const shows = (page, text) => page.waitForFunction((wanted) => [...document.querySelector('stoa-chat').shadowRoot.querySelectorAll('article .text')].some(({ textContent }) => textContent === wanted), text);

async function write(page, text) {
  await page.fill('stoa-chat textarea', text);
  await page.click('stoa-chat [part=send]');
  await shows(page, text);
}

async function logIn(page, demo, { user, password }) {
  await page.goto(`${demo.url}/pages/client.html`);
  await page.fill('stoa-chat input[autocomplete~=username]', user);
  await page.fill('stoa-chat input[autocomplete~=current-password]', password);
  await page.press('stoa-chat input[autocomplete~=current-password]', 'Enter');
  await page.waitForSelector('stoa-chat stoa-conversation-list', { state: 'attached' });
}

/** Opens the newest conversation of the list. */
async function openNewest(page, text) {
  await page.waitForFunction((wanted) => document.querySelector('stoa-chat').shadowRoot.querySelector('stoa-conversation-list a')?.textContent.includes(wanted), text.slice(0, 20));
  await page.click('stoa-chat stoa-conversation-list a >> nth=0');
  await shows(page, text);
}

async function conversation(browser, demo, look, path, save) {
  const visitor = await newTab(browser, look);
  await visitor.goto(`${demo.url}/pages/${path}`);
  if (path === 'shop.html') {
    await visitor.waitForSelector('stoa-chat [part=launcher]');
    await save(visitor, 'bubble-closed');
    await visitor.click('stoa-chat [part=launcher]');
  }
  await visitor.waitForSelector('stoa-chat textarea');
  await save(visitor, path === 'shop.html' ? 'bubble-empty' : 'inline-empty');
  const support = await newTab(browser, look);
  await logIn(support, demo, { user: 'support', password: 'support' });
  await write(visitor, lines[0][1]);
  await openNewest(support, lines[0][1]);
  for (const [who, text] of lines.slice(1)) {
    await write(who === 'visitor' ? visitor : support, text);
    await shows(who === 'visitor' ? support : visitor, text);
  }
  for (const page of [visitor, support]) await page.waitForFunction(() => !document.querySelector('stoa-chat').shadowRoot.querySelector('.tick.queued, .tick.sending'));
  await visitor.evaluate(() => document.querySelector('stoa-chat').scrollIntoView({ block: 'center' }));
  for (const page of [visitor, support]) await page.mouse.move(2, 2);
  return { visitor, support };
}

/** Two pictures beside each other on a quiet ground. */
async function side(browser, pictures, file) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 560 } })).newPage();
  const images = pictures.map((picture) => `<img src="data:image/png;base64,${picture.toString('base64')}">`).join('');
  await page.setContent(`<!doctype html><style>body { margin: 0; padding: 28px; display: grid; grid-template-columns: 1fr 1fr; gap: 28px; background: #dfe3ec } img { width: 100%; border-radius: 10px; box-shadow: 0 6px 28px #0004; display: block }</style>${images}`);
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  const { height } = await page.evaluate(() => document.body.getBoundingClientRect());
  await page.setViewportSize({ width: 1440, height: Math.ceil(height) });
  await page.screenshot({ path: file });
  await page.close();
}

/**
 * Makes all pictures.
 *
 * @param {string} folder where they go
 * @param {boolean} all every mode and look, or only the README's picture
 */
export async function screenshots(folder, all) {
  await setup(['chromium', 'prosody']);
  const { ensureBuilt } = await import('./lib/built.mjs');
  await ensureBuilt();
  const { chromium } = await import('playwright-core');
  const { startDemo } = await import('../demo/server/demo.mjs');
  const { chromiumFlags, findChromium } = await import('./lib/programs.mjs');
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags] });
  try {
    for (const dark of all ? [false, true] : [false]) {
      for (const [device, size] of all ? [['desktop', DESKTOP], ['phone', PHONE]] : [['desktop', DESKTOP]]) {
        // Each look begins with the demo as it is on its first day.
        const data = mkdtempSync(join(tmpdir(), 'stoa-pictures-'));
        const demo = await startDemo({ folder: data });
        try {
          const look = { size, dark };
          const save = async (page, name) => {
            if (all) await page.screenshot({ path: join(folder, `${name}-${dark ? 'dark' : 'light'}-${device}.png`) });
          };
          if (all) {
            const login = await newTab(browser, look);
            await login.goto(`${demo.url}/pages/client.html`);
            await login.waitForSelector('stoa-chat input');
            await save(login, 'page-login');
            await logIn(login, demo, { user: 'ana', password: 'ana' });
            await login.waitForSelector('stoa-chat stoa-conversation-list a');
            await save(login, 'page-list');
            await login.close();
          }
          const { visitor, support } = await conversation(browser, demo, look, 'shop.html', save);
          await save(visitor, 'bubble');
          await save(support, 'page');
          if (!dark && device === 'desktop') await side(browser, [await visitor.screenshot(), await support.screenshot()], join(folder, 'screenshot.png'));
          if (all) await save((await conversation(browser, demo, look, 'article.html', save)).visitor, 'inline');
        } finally {
          await demo.stop();
          rmSync(data, { recursive: true, force: true });
        }
        for (const context of browser.contexts()) await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

if (isMain(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  try {
    await screenshots(resolve(folder ?? join(root, 'docs')), folder !== undefined);
    console.log(`The pictures are in ${resolve(folder ?? join(root, 'docs'))}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

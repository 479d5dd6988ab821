/** The browsers that the end-to-end tests run in: Chromium by Playwright, Firefox by Puppeteer over BiDi, WebKit by its own driver. */
import { chromium } from 'playwright-core';
import { chromiumFlags, findChromium, findFirefox } from '../../scripts/lib/programs.mjs';
import type { Driver, TabOptions, TestBrowser } from './driver.js';

/** The part of a page that Playwright and Puppeteer have in common. */
interface Page {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  readonly mouse: { click(x: number, y: number): Promise<void> };
  close(): Promise<void>;
}

const startChromium = async (): Promise<TestBrowser> => {
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: [...chromiumFlags] });
  return {
    name: 'chromium',
    newProfile: async () => {
      const context = await browser.newContext();
      return {
        newTab: async ({ width = 1280, height = 800, dark = false, reducedMotion = true }: TabOptions = {}) => {
          const page = await context.newPage();
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
          const complaints: string[] = [];
          page.on('console', message => {
            if (message.type() === 'warning' || message.type() === 'error') complaints.push(message.text());
          });
          page.on('pageerror', error => complaints.push(`uncaught: ${error.message}`));
          const wire = await context.newCDPSession(page);
          return {
            ...common(page, complaints),
            type: text => page.keyboard.type(text),
            press: (key, shift) => page.keyboard.press(shift ? `Shift+${key}` : key),
            devtools: (method, parameters) => wire.send(method, parameters as never),
            crash: async () => {
              const crashed = page.waitForEvent('crash');
              // Nobody is left to answer.
              wire.send('Page.crash').catch(() => undefined);
              await crashed;
            },
            // A headless browser freezes no page; one whose script stands still keeps its locks and sockets, and answers nothing, all the same.
            freeze: async frozen => {
              if (frozen) await wire.send('Debugger.enable');
              await wire.send(frozen ? 'Debugger.pause' : 'Debugger.disable');
            },
          };
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
};

const startFirefox = async (): Promise<TestBrowser> => {
  const { default: puppeteer } = await import('puppeteer');
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: findFirefox() ?? '', headless: true, defaultViewport: null, extraPrefsFirefox: { 'ui.prefersReducedMotion': 1 } });
  return {
    name: 'firefox',
    newProfile: async () => {
      const context = await browser.createBrowserContext();
      return {
        newTab: async () => {
          const page = await context.newPage();
          const complaints: string[] = [];
          page.on('console', message => {
            if (message.type() === 'warn' || message.type() === 'error') complaints.push(message.text());
          });
          page.on('pageerror', error => complaints.push(`uncaught: ${error instanceof Error ? error.message : String(error)}`));
          return {
            ...common(page, complaints),
            type: text => page.keyboard.type(text),
            press: async (key, shift) => {
              if (shift) await page.keyboard.down('Shift');
              await page.keyboard.press(key as 'Enter');
              if (shift) await page.keyboard.up('Shift');
            },
          };
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
};

const common = (page: Page, complaints: readonly string[]): Omit<Driver, 'type' | 'press'> => ({
  tells: true,
  complaints,
  open: async url => void (await page.goto(url)),
  reload: async () => void (await page.reload()),
  evaluate: expression => page.evaluate(expression),
  click: (x, y) => page.mouse.click(x, y),
  close: () => page.close(),
});

const startWebKitBrowser = async (): Promise<TestBrowser> => {
  const { startWebKit } = await import('../../scripts/lib/webdriver.mjs');
  const running: { stop(): Promise<void> }[] = [];
  return {
    name: 'webkit',
    // WebKit's driver has one session at a time and one profile in it, so each profile is a driver of its own.
    newProfile: async () => {
      const webkit = await startWebKit();
      running.push(webkit);
      return {
        newTab: () => Promise.resolve({ tells: false, complaints: [], open: webkit.open, reload: webkit.reload, evaluate: webkit.evaluate, click: webkit.click, type: webkit.type, press: webkit.press, close: () => webkit.open('about:blank') }),
        close: () => webkit.stop(),
      };
    },
    close: async () => void (await Promise.all(running.map(webkit => webkit.stop()))),
  };
};

/** Starts the browser that BROWSER names; Chromium by default. */
export const startBrowser = (): Promise<TestBrowser> => {
  switch (process.env['BROWSER'] || 'chromium') {
    case 'chromium': return startChromium();
    case 'firefox': return startFirefox();
    case 'webkit': return startWebKitBrowser();
    default: throw new Error(`BROWSER is “${process.env['BROWSER'] ?? ''}”; tests run in chromium, firefox and webkit.`);
  }
};

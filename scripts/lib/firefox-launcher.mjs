// Lets the browser test runner use Firefox ESR, which knows fewer words of the protocol than the library that speaks it.
import { puppeteerLauncher } from '@web/test-runner-puppeteer';
import { findFirefox } from './programs.mjs';

/** Sets the viewport as before, and does without turning the screen where Firefox cannot. */
function withoutTurning(page) {
  const setViewport = page.setViewport.bind(page);
  page.setViewport = async (viewport) => {
    try {
      await setViewport(viewport);
    } catch (error) {
      if (!String(error.message).includes('unknown command emulation.setScreenOrientationOverride')) throw error;
      // The size is set by another command of the same call, which every version knows, and which may still be on its way.
      await page.waitForFunction((width) => innerWidth === width, { timeout: 5000 }, viewport.width);
    }
  };
  return page;
}

export const firefoxLauncher = () =>
  puppeteerLauncher({ launchOptions: { browser: 'firefox', executablePath: findFirefox(), headless: true }, createPage: async ({ context }) => withoutTurning(await context.newPage()), concurrency: 1 });

// A WebKit driven by the W3C WebDriver protocol: WebKitGTK's own driver and MiniBrowser, on a screen that exists in memory only.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, answers } from '../../demo/server/ports.mjs';
import { findWebKitDriver, findXvfb } from './programs.mjs';

/** Keys that are no characters, as the protocol writes them. */
const KEYS = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', Shift: '\uE008', Home: '\uE011', End: '\uE010', PageUp: '\uE00E', PageDown: '\uE00F', ArrowUp: '\uE013', ArrowDown: '\uE015', Backspace: '\uE003' };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a program that ends with us, also when our whole process group is ended, and in any case when asked. */
function start(command, args, options) {
  const child = spawn(command, args, options);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return { child, stop: () => (process.off('exit', kill), kill()) };
}

/** Resolves with the number of a new screen. */
async function startScreen() {
  const { child, stop } = start(findXvfb(), ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = await new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', () => reject(new Error('Xvfb ended at once.')));
    child.stdio[3].once('data', (data) => resolve(`:${String(data).trim()}`));
  });
  return { display, stop };
}

/** Starts the driver and one browser; resolves with what the protocol offers of it. */
export async function startWebKit() {
  const home = mkdtempSync(join(tmpdir(), 'stoa-webkit-'));
  const screen = await startScreen();
  const port = await freePort();
  const env = { ...process.env, DISPLAY: screen.display, HOME: home, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, WEBKIT_DISABLE_COMPOSITING_MODE: '1', LIBGL_ALWAYS_SOFTWARE: '1', NO_AT_BRIDGE: '1', GDK_BACKEND: 'x11' };
  const driver = start(findWebKitDriver(), [`--port=${port}`], { env, stdio: 'ignore' });
  const stopAll = () => {
    driver.stop();
    screen.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };

  /** One request of the protocol. */
  async function ask(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit's driver: ${value?.error}: ${value?.message}`);
    return value;
  }

  try {
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries > 200) throw new Error('WebKitWebDriver does not answer.');
      await pause(50);
    }
    const { sessionId, capabilities } = await ask('POST', '/session', { capabilities: { alwaysMatch: { timeouts: { script: 60_000, pageLoad: 60_000 } } } });
    const session = `/session/${sessionId}`;
    const act = (type, id, actions, parameters) => ask('POST', `${session}/actions`, { actions: [{ type, id, actions, ...(parameters ? { parameters } : {}) }] });
    const key = (value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }];
    let stopped;
    return {
      version: `${capabilities.browserName} ${capabilities.browserVersion}`,
      /** Opens an address and waits until it has loaded. */
      open: (url) => ask('POST', `${session}/url`, { url }),
      reload: () => ask('POST', `${session}/refresh`, {}),
      /** What an expression gives in the page; a promise is waited for. */
      async evaluate(expression) {
        const script = `const done = arguments[0]; Promise.resolve().then(() => (${expression})).then(value => done({ value }), error => done({ error: String(error) }));`;
        const { value, error } = await ask('POST', `${session}/execute/async`, { script, args: [] });
        if (error) throw new Error(error);
        return value ?? undefined;
      },
      click: (x, y) => act('pointer', 'mouse', [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), origin: 'viewport' }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }], { pointerType: 'mouse' }),
      type: (text) => act('key', 'keyboard', [...text].flatMap(key)),
      press: (name, shift) => act('key', 'keyboard', shift ? [{ type: 'keyDown', value: KEYS.Shift }, ...key(KEYS[name] ?? name), { type: 'keyUp', value: KEYS.Shift }] : key(KEYS[name] ?? name)),
      keyDown: (name) => act('key', 'keyboard', [{ type: 'keyDown', value: KEYS[name] ?? name }]),
      keyUp: (name) => act('key', 'keyboard', [{ type: 'keyUp', value: KEYS[name] ?? name }]),
      move: (x, y) => act('pointer', 'mouse', [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), origin: 'viewport' }], { pointerType: 'mouse' }),
      /** Makes the page as large as asked; the window has a frame of its own around it. */
      async resize(width, height) {
        const inner = await this.evaluate('({ width: innerWidth, height: innerHeight })');
        const outer = await ask('GET', `${session}/window/rect`);
        await ask('POST', `${session}/window/rect`, { width: outer.width - inner.width + width, height: outer.height - inner.height + height });
      },
      /** Ends browser, driver and screen; may be called twice. @returns {Promise<void>} */
      stop() {
        stopped ??= ask('DELETE', session)
          .catch((error) => console.error(error.message))
          .then(stopAll);
        return stopped;
      },
    };
  } catch (error) {
    stopAll();
    throw error;
  }
}

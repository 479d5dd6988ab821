// Measures how long it takes from a reload until the chat is online again, on this machine, by each way that a session can go on.
import { chromium } from 'playwright-core';
import { startPages } from '../../demo/server/pages.mjs';
import { startServer } from '../../demo/server/servers.mjs';
import { ensureBuilt } from '../../scripts/lib/built.mjs';
import { chromiumFlags, findChromium } from '../../scripts/lib/programs.mjs';
import { setup } from '../../scripts/setup.mjs';

const RELOADS = 25;
const PATIENCE_MS = 30_000;

/** Runs in the page before anything else: notes when the session comes online, in milliseconds since the page began to load. */
const note = `
addEventListener('DOMContentLoaded', async () => {
  await customElements.whenDefined('stoa-chat');
  document.querySelector('stoa-chat').plugins.add({ id: 'bench', setup(ctx) {
    window.chat = ctx;
    const look = () => {
      if (!ctx.session.online.peek()) return false;
      window.online ??= { after: performance.now(), jid: ctx.session.jid };
      return true;
    };
    ctx.own(ctx.session.on('online', look));
    look();
  } });
});`;

const median = (figures) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];

/** Reloads again and again; gives the times, and how many times the same session went on. */
async function measure(browser, site, { path, login }, { forget } = {}) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const isOnline = () => page.waitForFunction(() => window.online, undefined, { timeout: PATIENCE_MS }).then((handle) => handle.jsonValue());
    await page.goto(`${site.url}${path}`);
    if (login) {
      await page.fill('stoa-chat input[autocomplete~=username]', login.user);
      await page.fill('stoa-chat input[autocomplete~=current-password]', login.password);
      for (const box of await page.locator('stoa-chat form.login input[type=checkbox]').all()) await box.check();
      await page.press('stoa-chat input[autocomplete~=current-password]', 'Enter');
    }
    let { jid } = await isOnline();
    const times = [];
    let same = 0;
    for (let index = 0; index < RELOADS; index += 1) {
      if (forget) {
        await page.goto(`${site.url}/blank`);
        await forget();
      }
      await page.goto(`${site.url}${path}`);
      const now = await isOnline();
      times.push(now.after);
      if (now.jid === jid) same += 1;
      jid = now.jid;
    }
    return { times, same };
  } finally {
    await context.close();
  }
}

async function bench() {
  await setup(['chromium', 'prosody', 'ejabberd']);
  await ensureBuilt();
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags] });
  const login = { user: 'ana', password: 'one two three' };
  try {
    for (const name of ['prosody', 'ejabberd']) {
      const server = await startServer(name, { accounts: [login] });
      const page = (attributes) => `<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script>${note}</script><stoa-chat ${attributes}></stoa-chat><script type="module" src="/dist/index.js"></script>`;
      const account = (service, domain = server.domain) => page(`mode="page" domain="${domain}" service="${service}"`);
      const fast = server.sasl2Domain;
      if (fast) await server.adduser(login.user, login.password, fast);
      const site = await startPages({
        pages: {
          '/blank': '<!doctype html><title>Blank</title>',
          '/ws': account(server.ws),
          '/bosh': account(server.bosh),
          '/visitor': page(`mode="inline" to="support@${server.domain}" domain="${server.guestDomain}" service="${server.bosh}"`),
          ...(fast ? { '/fast': account(server.ws, fast) } : {}),
        },
      });
      try {
        const ways = [
          ['WebSocket, the session resumed', { path: '/ws', login }],
          ['BOSH, the session goes on', { path: '/bosh', login }],
          ['BOSH, a visitor’s session goes on', { path: '/visitor' }],
          ['WebSocket, a new login by stored keys (the server was restarted)', { path: '/ws', login }, { forget: async () => { await server.kill(); await server.start(); } }],
          ...(fast ? [['WebSocket, SASL2, the session resumed', { path: '/fast', login }], ['WebSocket, a new login by a token (the server was restarted)', { path: '/fast', login }, { forget: async () => { await server.kill(); await server.start(); } }]] : []),
        ];
        for (const [what, who, how] of ways) {
          const { times, same } = await measure(browser, site, who, how);
          console.log(`${name}: ${what}: median ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms of ${times.length} reloads; the same session ${same} times`);
        }
      } finally {
        await site.stop();
        await server.stop();
      }
    }
  } finally {
    await browser.close();
  }
}

await bench();
process.exit();

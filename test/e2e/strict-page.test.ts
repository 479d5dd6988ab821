/** Pages that forbid nearly everything, have a Lit of their own, or are hostile: the chat works and breaks no rule. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/root.mjs';
import { chatIn } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { page, people, startWorld, type World } from '../support/world.js';

declare global {
  interface Window {
    violations: string[];
  }
}

/** A module of a page's own that draws with its own copy of Lit. */
const ownLit = async (): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: "import { html, render } from 'lit'; render(html`<p id=own>Drawn by ${'the page'}</p>`, document.querySelector('main'));", resolveDir: root },
    bundle: true, format: 'esm', write: false, minify: true, outfile: join(root, '.test/own-lit.js'),
  });
  return outputFiles[0]?.text ?? '';
};

const listen = "window.violations = []; addEventListener('securitypolicyviolation', event => violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));";

describe('a strict page', () => {
  let world: World;
  let headers: Readonly<Record<string, string>>;
  before(async () => {
    world = await startWorld();
    const server = world.service.replace('/xmpp-websocket', '');
    headers = {
      'content-security-policy': ["default-src 'none'", "script-src 'self'", `connect-src ${server}`, "style-src 'self'", "require-trusted-types-for 'script'", "trusted-types lit-html 'allow-duplicates'"].join('; '),
    };
    world.serve('/listen.js', listen);
    world.serve('/own-lit.js', await ownLit());
  });
  after(() => world.stop());

  /** A page without anything inline, not even an icon. */
  const bare = (body: string): string => page(`<script src="/listen.js"></script><main></main>${body}`).replace('<link rel="icon" href="data:,">', '');

  /** What was complained of, but for the icon that Firefox looks for by itself. */
  const complaints = (tab: Tab): readonly string[] => tab.complaints.filter(text => !text.includes('/favicon.ico'));

  const talk = async (tab: Tab, text: string): Promise<void> => {
    const chat = chatIn(tab);
    await chat.open();
    await chat.write(text);
    await chat.message(text, 'sent', 'delivered');
    await chat.click('.minimise');
    await chat.open();
    await chat.message(text);
    assert.deepEqual(await tab.run(() => window.violations), []);
    assert.deepEqual(complaints(tab), []);
  };

  it('sees no violation by the bubble', async () => {
    const tab = await (await world.newProfile()).newTab();
    await tab.open(world.serve('/strict', bare(world.tag()), headers));
    await talk(tab, 'Strictly speaking');
  });

  it('sees none either with a Lit of its own that came before', async () => {
    const tab = await (await world.newProfile()).newTab();
    await tab.open(world.serve('/strict-lit', bare(`<script type="module" src="/own-lit.js"></script>${world.tag()}`), headers));
    await tab.until('the page’s own drawing', () => document.querySelector('#own')?.textContent === 'Drawn by the page');
    await talk(tab, 'Two Lits on one page');
    assert.equal(await tab.run(() => document.querySelector('#own')?.textContent), 'Drawn by the page');
  });

  it('sees none by the page client, from login to conversation', async () => {
    const tab = await (await world.newProfile()).newTab();
    await tab.open(world.serve('/strict-client', bare(world.element({ mode: 'page', domain: world.server.domain, to: '' })), headers));
    const chat = chatIn(tab);
    await chat.logIn('support', people.support);
    await chat.click('stoa-conversation-list a');
    await chat.sees('textarea');
    assert.deepEqual(await tab.run(() => window.violations), []);
    assert.deepEqual(complaints(tab), []);
  });

  it('would have told of an inline style', async () => {
    const tab = await (await world.newProfile()).newTab();
    world.serve('/sin.js', "document.querySelector('main').setAttribute('style', 'color: red');");
    await tab.open(world.serve('/strict-sin', bare('<script src="/sin.js"></script>'), headers));
    await tab.until('the violation', () => window.violations.length > 0);
  });

  it('without the word for Trusted Types the console names the word that is missing', async () => {
    const tab = await (await world.newProfile()).newTab();
    const without = { 'content-security-policy': (headers['content-security-policy'] ?? '').replace("trusted-types lit-html 'allow-duplicates'", "trusted-types 'none'") };
    await tab.open(world.serve('/strict-without', bare(world.tag()), without));
    if (!(await tab.run(() => 'trustedTypes' in window))) return;
    const chat = chatIn(tab);
    await chat.click('[part=launcher]');
    await chat.until('the offer', ({ launcher }) => launcher.startsWith('The chat could not be loaded'));
    assert.ok(tab.complaints.some(text => text.includes("trusted-types lit-html 'allow-duplicates'")), tab.complaints.join('\n'));
  });

  it('a page whose styles and prototypes are hostile changes neither look nor work', async () => {
    const tab = await (await world.newProfile()).newTab();
    const hostile = `<style>
      html { font-size: 62.5%; } body { line-height: 5; letter-spacing: 1em; text-transform: uppercase; text-align: right; color: #f0f; visibility: visible; cursor: none; }
      * { box-sizing: content-box !important; } div, button, svg, textarea, article, form { display: none !important; opacity: 0 !important; font: 40px cursive !important; position: static !important; }
      button, textarea, p { margin: 50px !important; transform: rotate(90deg) !important; }
    </style><script>
      for (const [name, value] of Object.entries({ mode: 'page', to: 'mallory@example.org', domain: 'example.org', service: 'ws://localhost:1/', theme: 'contrast', label: 'Polluted', auth: 'password', storage: 'none', locale: 'ar', extend: () => undefined }))
        Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true, enumerable: true });
      Array.prototype.last = function () { return this[this.length - 1]; };
    </script>`;
    await tab.open(world.serve('/hostile', page(world.tag(), hostile)));
    const chat = chatIn(tab);
    const { launcher } = await chat.look();
    assert.equal(launcher, 'Open chat');
    await chat.open();
    await chat.write('Undisturbed');
    await chat.message('Undisturbed', 'sent', 'delivered');
    const style = await tab.run(() => {
      const text = document.querySelector('stoa-chat')?.shadowRoot?.querySelector('article .text');
      if (!text) return undefined;
      const { textTransform, letterSpacing, fontSize, opacity, display } = getComputedStyle(text);
      return { textTransform, letterSpacing, fontSize, opacity, display };
    });
    assert.deepEqual(style, { textTransform: 'none', letterSpacing: 'normal', fontSize: '15px', opacity: '1', display: 'block' });
    assert.deepEqual(complaints(tab), []);
  });
});

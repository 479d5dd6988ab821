/** Pages that forbid nearly everything, also with a Lit of their own: the chat works and breaks no rule. */
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

  /** Some browsers look for an icon by themselves, and complain that they may not. */
  const noIcon = (text: string): boolean => !text.includes('/favicon.ico');
  const complaints = (tab: Tab): readonly string[] => tab.complaints.filter(noIcon);

  const talk = async (tab: Tab, text: string): Promise<void> => {
    const chat = chatIn(tab);
    await chat.open();
    await chat.write(text);
    await chat.message(text, 'sent', 'delivered');
    await chat.click('.minimise');
    await chat.open();
    await chat.message(text);
    assert.deepEqual((await tab.run(() => window.violations)).filter(noIcon), []);
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
    assert.deepEqual((await tab.run(() => window.violations)).filter(noIcon), []);
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
    if (!tab.tells || !(await tab.run(() => 'trustedTypes' in window))) return;
    const chat = chatIn(tab);
    await chat.click('[part=launcher]');
    await chat.until('the offer', ({ launcher }) => launcher.startsWith('The chat could not be loaded'));
    assert.ok(tab.complaints.some(text => text.includes("trusted-types lit-html 'allow-duplicates'")), tab.complaints.join('\n'));
  });
});

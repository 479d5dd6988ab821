/** A page that does not say where the server is: it is found by its domain, and by BOSH where WebSockets are swallowed. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { hostMeta } from '../../demo/server/host-meta.mjs';
import { chatIn, type ChatPage } from '../support/chat.js';
import { startProxy, type Proxy } from '../support/proxy.js';
import type { Tab } from '../support/tab.js';
import { watcherScript } from '../support/watcher.js';
import { page, people, serviceAt, startWorld, type World } from '../support/world.js';

const JSON_PATH = '/.well-known/host-meta.json';
const XML_PATH = '/.well-known/host-meta';
const TAG = '<script async src="/dist/stoa.js" data-domain="guest.localhost" data-to="support@localhost"></script>';
const GONE = { [JSON_PATH]: '{}', [XML_PATH]: '' };

describe('a server that the page does not name', () => {
  let world: World;
  /** A proxy that swallows WebSockets: whoever connects there waits for ever. */
  let swallowing: Proxy;
  let tab: Tab;
  let chat: ChatPage;
  let close: () => Promise<void>;
  before(async () => {
    world = await startWorld();
    swallowing = await startProxy(world.server.port);
    swallowing.hold('up');
  });
  after(async () => {
    await swallowing.stop();
    await world.stop();
  });
  beforeEach(async () => {
    const profile = await world.newProfile();
    close = profile.close;
    tab = await profile.newTab();
    chat = chatIn(tab);
  });
  afterEach(() => close());

  /** Serves these files of the domain, and a page. */
  const publish = (files: Readonly<Record<string, string>>, body: string): string => {
    for (const [path, text] of Object.entries({ ...GONE, ...files })) world.serve(path, text);
    return world.serve('/page', page(body));
  };
  const asked = (path: string): number => world.site.requests.filter(each => each === path).length;

  for (const [form, path] of [['JSON', JSON_PATH], ['XML', XML_PATH]] as const) {
    it(`is found by its host-meta in ${form}, which is asked for once`, async () => {
      const files = hostMeta({ websocket: world.service });
      const before = asked(path);
      await tab.open(publish({ [path]: files[path] }, TAG));
      assert.equal(asked(path), before, 'nothing is asked before the click');
      await chat.open();
      await chat.write(`Found by ${form}`);
      await chat.message(`Found by ${form}`, 'sent', 'delivered');
      await tab.reload();
      await chat.open();
      await chat.write('Found again');
      await chat.message('Found again', 'sent', 'delivered');
      assert.equal(asked(path), before + 1);
      assert.deepEqual(tab.complaints, []);
    });
  }

  it('is found for people with accounts, by the domain of their address too', async () => {
    await tab.open(publish(hostMeta({ websocket: world.service }), '<stoa-chat mode="page"></stoa-chat><script type="module" src="/dist/index.js"></script>'));
    await chat.logIn(`ana@${world.server.domain}`, people.ana);
    await chat.sees('stoa-conversation-list');
  });

  it('is missed in one sentence that says what to do', async () => {
    await tab.open(publish(GONE, TAG));
    await chat.click('[part=launcher]');
    await chat.until('the sentence', ({ chip }) => chip.includes('No address to connect to was found for localhost. Set the option “service”, or serve https://localhost/.well-known/host-meta.json with “Access-Control-Allow-Origin: *”.'));
  });

  it('is reached by BOSH where a WebSocket hangs, and at once the next time', async () => {
    await tab.open(publish(hostMeta({ websocket: serviceAt(swallowing.port), bosh: serviceAt(world.wire.port, 'bosh') }), `<script>${watcherScript()}</script>${TAG}`));
    await chat.open();
    await chat.write('Around the proxy');
    await chat.message('Around the proxy', 'sent', 'delivered');
    assert.equal(swallowing.asked, 1);
    // Asked of the page: Firefox keeps the wire of a WebSocket that was closed before it opened.
    assert.equal((await tab.run(() => window.watch())).sockets, 0, 'the loser is dropped');
    await tab.reload();
    await chat.open();
    await chat.write('And again');
    await chat.message('And again', 'sent', 'delivered');
    assert.equal(swallowing.asked, 1, 'the one that worked is tried first');
  });
});

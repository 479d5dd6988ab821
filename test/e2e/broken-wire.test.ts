/** When the wire breaks: what was written waits or is in doubt, nothing is sent twice, and nobody storms a server that says no. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { chatIn, type ChatPage } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { page, people, startWorld, type Peer, type World } from '../support/world.js';

describe('a wire that breaks', () => {
  let world: World;
  let judge: Peer;
  let tab: Tab;
  let chat: ChatPage;
  let close: () => Promise<void>;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());
  beforeEach(async () => {
    const profile = await world.newProfile();
    close = profile.close;
    tab = await profile.newTab();
    chat = chatIn(tab);
    judge = await world.peer('support', { available: false });
  });
  afterEach(async () => {
    world.wire.refuse(false);
    world.wire.letGo();
    await close();
    await judge.stop();
  });

  const openShop = async (): Promise<void> => {
    await tab.open(world.serve('/shop', page(world.tag())));
    await chat.open();
  };
  const counted = async (text: string): Promise<number> => (await world.archived(judge)).filter(other => other === text).length;

  it('what is written while the server is down waits, and arrives exactly once when it is back', async () => {
    await openShop();
    await chat.write('before the fall');
    await chat.message('before the fall', 'sent', 'delivered');
    await judge.stop();
    await world.server.kill();
    await chat.write('while it is down');
    await chat.message('while it is down', 'queued');
    await chat.until('the chip', ({ chip, placeholder }) => chip !== '' && placeholder === 'Will be sent when connected');
    await world.server.start();
    await chat.message('while it is down', 'sent', 'delivered');
    judge = await world.peer('support', { available: false });
    assert.equal(await counted('while it is down'), 1);
    assert.equal(await counted('before the fall'), 1);
  });

  it('what waited is sent once even if the page is closed and opened again in between', async () => {
    await openShop();
    await chat.write('first');
    await chat.message('first', 'sent', 'delivered');
    world.wire.refuse(true);
    world.wire.cut();
    await chat.write('kept over a reload');
    await chat.message('kept over a reload', 'queued');
    await tab.reload();
    await chat.open();
    await chat.message('kept over a reload', 'queued');
    world.wire.refuse(false);
    await chat.message('kept over a reload', 'sent', 'delivered');
    assert.equal(await counted('kept over a reload'), 1);
  });

  it('cut between writing and acknowledgement, after the server had it: in doubt, and not sent again by itself', async () => {
    await openShop();
    await chat.write('opening');
    await chat.message('opening', 'sent', 'delivered');
    world.wire.hold('down');
    await chat.write('in doubt, arrived');
    await until('the server to have it', async () => (await counted('in doubt, arrived')) === 1);
    world.wire.cut();
    world.wire.letGo();
    await chat.message('in doubt, arrived', 'unconfirmed');
    await chat.write('afterwards');
    await chat.message('afterwards', 'sent', 'delivered');
    assert.equal(await counted('in doubt, arrived'), 1);
    await chat.message('in doubt, arrived', 'unconfirmed');
  });

  it('cut before the server had it: in doubt, and sent again when the person says so', async () => {
    await openShop();
    await chat.write('opening too');
    await chat.message('opening too', 'sent', 'delivered');
    world.wire.hold('up');
    await chat.write('in doubt, lost');
    await chat.message('in doubt, lost', 'sending');
    world.wire.cut();
    world.wire.letGo();
    await chat.message('in doubt, lost', 'unconfirmed');
    await chat.write('afterwards too');
    await chat.message('afterwards too', 'sent', 'delivered');
    assert.equal(await counted('in doubt, lost'), 0);
    await chat.click('.trouble [data-act=retry]');
    await chat.message('in doubt, lost', 'sent', 'delivered');
    assert.equal(await counted('in doubt, lost'), 1);
  });

  it('a wrong password is said in one sentence and tried once', async () => {
    const asked = world.wire.asked;
    await tab.open(world.serve('/client', page(world.element({ mode: 'page', domain: world.server.domain, to: '' }))));
    await chat.logIn('ana', 'not this one');
    await chat.until('the sentence', ({ problem }) => problem === 'The server does not accept this address with this password. Check both and sign in again.');
    await tab.run(() => {
      const field = document.querySelector('stoa-chat')?.shadowRoot?.querySelector<HTMLInputElement>('input[autocomplete~=current-password]');
      field?.focus();
      field?.select();
    });
    await tab.type(people.ana);
    await tab.press('Enter');
    await chat.sees('stoa-conversation-list');
    assert.equal(world.wire.asked - asked, 2, 'one connection for the wrong password and one for the right one');
  });

  it('a domain that the server does not know is said in one sentence, and hardly asked for again', async () => {
    const asked = world.wire.asked;
    await tab.open(world.serve('/nowhere', page(world.tag({ domain: 'nowhere.example' }))));
    await chat.click('[part=launcher]');
    await chat.until('the sentence', ({ chip }) => /does not know the domain nowhere\.example\. Check the options “domain” and “service”\./u.test(chip));
    assert.ok(world.wire.asked - asked <= 2, `asked ${world.wire.asked - asked} times`);
  });

  it('a server that is not there is said in one sentence, with a button that tries again', async () => {
    world.wire.refuse(true);
    await tab.open(world.serve('/away', page(world.tag())));
    const asked = world.wire.asked;
    await chat.click('[part=launcher]');
    await chat.until('the sentence', ({ chip }) => /cannot be reached\. Check that the server is running, and the option “service” if there is one\./u.test(chip));
    assert.ok(world.wire.asked - asked <= 3, `asked ${world.wire.asked - asked} times`);
    world.wire.refuse(false);
    await tab.until('a button to try', () => {
      const button = [...(document.querySelector('stoa-chat')?.shadowRoot?.querySelectorAll('button') ?? [])].find(({ textContent }) => /^\s*Try (now|again)\s*$/u.test(textContent));
      button?.click();
      return button !== undefined;
    });
    await chat.sees('textarea');
    await chat.write('there after all');
    await chat.message('there after all', 'sent', 'delivered');
  });
});

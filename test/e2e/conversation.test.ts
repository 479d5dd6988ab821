/** The first conversation: a visitor of a shop and somebody with an account, each in a browser of their own, over a real server that judges. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chatIn, type ChatPage } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { page, people, startWorld, type Peer, type World } from '../support/world.js';

describe('a visitor and somebody with an account', () => {
  let world: World;
  let judge: Peer;
  let shop: Tab;
  let desk: Tab;
  let visitor: ChatPage;
  let support: ChatPage;

  before(async () => {
    world = await startWorld();
    judge = await world.peer('support', { available: false });
    shop = await (await world.newProfile()).newTab();
    desk = await (await world.newProfile()).newTab();
    visitor = chatIn(shop);
    support = chatIn(desk);
  });
  after(() => world.stop());

  it('the visitor writes first, and the server has it', async () => {
    await shop.open(world.serve('/shop', page(world.tag())));
    await visitor.open();
    await visitor.write('Is the desk still to be had?');
    await visitor.message('Is the desk still to be had?', 'sent');
    await world.untilArchived(judge, ['Is the desk still to be had?']);
  });

  it('whoever signs in later finds the message and answers', async () => {
    await desk.open(world.serve('/client', page(world.element({ mode: 'page', domain: world.server.domain, to: '' }))));
    await support.logIn('support', people.support);
    await support.click('stoa-conversation-list a');
    await support.message('Is the desk still to be had?');
    await support.write('Yes, two are left.');
    await visitor.texts('Is the desk still to be had?', 'Yes, two are left.');
    await support.message('Yes, two are left.', 'delivered');
  });

  it('each sees that the other types, and that it ends', async () => {
    await visitor.type('Lovely');
    await support.until('typing', ({ typing }) => typing);
    await shop.press('Enter');
    await support.texts('Is the desk still to be had?', 'Yes, two are left.', 'Lovely');
    await support.until('no typing', ({ typing }) => !typing);
    await support.type('See you');
    await visitor.until('typing', ({ typing }) => typing);
    await desk.press('Enter');
    await visitor.message('See you');
    await visitor.until('no typing', ({ typing }) => !typing);
  });

  it('both see the other’s receipts, and the archive has every message once', async () => {
    await visitor.message('Lovely', 'delivered');
    await support.message('See you', 'delivered');
    await world.untilArchived(judge, ['Is the desk still to be had?', 'Yes, two are left.', 'Lovely', 'See you']);
  });

  it('Shift+Enter makes a line, and what looks like HTML is text on both sides', async () => {
    await visitor.type('<img src=x onerror=alert(1)>');
    await shop.press('Enter', true);
    await shop.type('second & last');
    await shop.press('Enter');
    await support.message('<img src=x onerror=alert(1)>\nsecond & last');
    await visitor.message('<img src=x onerror=alert(1)>\nsecond & last', 'delivered');
  });

  it('the visitor’s page is loaded anew while the server is away, and the conversation is on the screen', async () => {
    world.wire.refuse(true);
    world.wire.cut();
    await shop.reload();
    await visitor.open();
    await visitor.texts('Is the desk still to be had?', 'Yes, two are left.', 'Lovely', 'See you', '<img src=x onerror=alert(1)>\nsecond & last');
    assert.equal(world.wire.open, 0);
    world.wire.refuse(false);
  });

  it('what the visitor writes as another guest arrives as well', async () => {
    await visitor.write('Back again');
    await visitor.message('Back again', 'sent', 'delivered');
    await until('the message in the archive', async () => (await world.archived(judge)).filter(text => text === 'Back again').length === 1);
  });

  it('the account’s page is loaded anew: the login, then the conversations as they were', async () => {
    await desk.reload();
    await support.sees('input[autocomplete~=current-password]');
    assert.deepEqual((await support.look()).messages, [], 'nothing that is stored may be seen before the login');
    await support.logIn('support', people.support);
    await until('the conversation with all its messages', async () => {
      for (const index of [1, 2]) {
        const rows = await desk.run(() => document.querySelector('stoa-chat')?.shadowRoot?.querySelectorAll('stoa-conversation-list a').length ?? 0);
        if (rows < index) continue;
        await support.click(`stoa-conversation-list li:nth-of-type(${index}) a`);
        if ((await support.look()).messages.some(({ text }) => text === 'See you')) return true;
      }
      return false;
    }, () => desk.describe());
    await support.texts('Is the desk still to be had?', 'Yes, two are left.', 'Lovely', 'See you', '<img src=x onerror=alert(1)>\nsecond & last');
  });

  it('nobody complained', () => {
    assert.deepEqual([...shop.complaints, ...desk.complaints].filter(text => !/WebSocket connection|ERR_CONNECTION|can.t establish a connection/iu.test(text)), []);
  });
});

/** The life of a connection as a person sees it: Wi-Fi that goes, a lid that closes, a server that is restarted or says nothing any more. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { chatIn, type ChatPage } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { page, startWorld, type Peer, type World } from '../support/world.js';

describe('a connection', () => {
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
    await tab.open(world.serve('/shop', page(world.tag())));
    await chat.open();
  });
  afterEach(async () => {
    world.wire.refuse(false);
    world.wire.letGo();
    await close();
    await judge.stop();
  });

  const counted = async (text: string): Promise<number> => (await world.archived(judge)).filter(other => other === text).length;
  /** Events of the machine, as browsers tell them. */
  const happens = (...events: readonly string[]): Promise<void> =>
    tab.run(names => names.forEach(name => (['freeze', 'resume', 'visibilitychange'].includes(name) ? document : window).dispatchEvent(new Event(name))), events);

  it('that loses its network says so, with the next try and a button, and sends what waited when it is back', async () => {
    await chat.write('with a network 1');
    await chat.message('with a network 1', 'sent', 'delivered');
    world.wire.refuse(true);
    world.wire.cut();
    await happens('offline');
    await chat.write('without a network');
    await chat.message('without a network', 'queued');
    await chat.until('the chip to say so', ({ chip }) => /^Offline\. Next try in \d+ s/u.test(chip) && chip.includes('Try now'));
    const asked = world.wire.asked;
    world.wire.refuse(false);
    await happens('online');
    await chat.message('without a network', 'sent', 'delivered');
    await chat.until('the chip to go', ({ chip }) => chip === '');
    assert.ok(world.wire.asked - asked <= 2, 'it stormed the server');
    assert.equal(await counted('without a network'), 1);
  });

  it('sleeps while the lid is closed, and wakes with it', async () => {
    await chat.write('before the sleep');
    await chat.message('before the sleep', 'sent', 'delivered');
    await happens('freeze');
    const asked = world.wire.asked;
    await chat.write('while it sleeps');
    await chat.message('while it sleeps', 'queued');
    assert.equal(world.wire.asked, asked);
    await happens('resume');
    await chat.message('while it sleeps', 'sent', 'delivered');
    assert.equal(await counted('while it sleeps'), 1);
  });

  it('on which nothing comes any more is found out soon after the page is looked at, told meanwhile, and made again', async () => {
    await chat.write('before the silence');
    await chat.message('before the silence', 'sent', 'delivered');
    world.wire.hold('up');
    world.wire.hold('down');
    await happens('focus');
    await chat.until('the doubt to be told', ({ chip }) => chip === 'Checking the connection…');
    // The network swallows what was written on the old wire, and a new one works.
    await chat.until('it to be found dead', ({ chip }) => chip !== '' && chip !== 'Checking the connection…');
    world.wire.cut();
    world.wire.letGo();
    await chat.write('after the silence');
    await chat.message('after the silence', 'sent', 'delivered');
    assert.equal(await counted('after the silence'), 1);
  });

  it('to a server that is restarted says why it waits, and a person need not', async () => {
    await chat.write('before the restart');
    await chat.message('before the restart', 'sent', 'delivered');
    await judge.stop();
    await world.server.quit();
    await chat.until('the reason', ({ chip }) => chip.includes('is being restarted'));
    await world.server.start();
    judge = await world.peer('support', { available: false });
    await chat.write('after the restart');
    await chat.click('.status-chip button');
    await chat.message('after the restart', 'sent', 'delivered');
    assert.equal(await counted('after the restart'), 1);
  });
});

/** The life of a connection as a person sees it: Wi-Fi that goes, a lid that closes, a server that is restarted or says nothing any more. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { shopVisits } from '../support/shop-visit.js';

describe('a connection', () => {
  const shop = shopVisits();
  beforeEach(() => shop.open());

  /** Events of the machine, as browsers tell them. */
  const happens = (...events: readonly string[]): Promise<void> =>
    shop.tab.run(names => names.forEach(name => (['freeze', 'resume', 'visibilitychange'].includes(name) ? document : window).dispatchEvent(new Event(name))), events);

  it('that loses its network says so, with the next try and a button, and sends what waited when it is back', async () => {
    await shop.chat.write('with a network 1');
    await shop.chat.message('with a network 1', 'sent', 'delivered');
    shop.world.wire.refuse(true);
    shop.world.wire.cut();
    await happens('offline');
    await shop.chat.write('without a network');
    await shop.chat.message('without a network', 'queued');
    await shop.chat.until('the chip to say so', ({ chip }) => /^Offline\. Next try in \d+ s/u.test(chip) && chip.includes('Try now'));
    const asked = shop.world.wire.asked;
    shop.world.wire.refuse(false);
    await happens('online');
    await shop.chat.message('without a network', 'sent', 'delivered');
    await shop.chat.until('the chip to go', ({ chip }) => chip === '');
    assert.ok(shop.world.wire.asked - asked <= 2, 'it stormed the server');
    assert.equal(await shop.counted('without a network'), 1);
  });

  it('sleeps while the lid is closed, and wakes with it', async () => {
    await shop.chat.write('before the sleep');
    await shop.chat.message('before the sleep', 'sent', 'delivered');
    await happens('freeze');
    const asked = shop.world.wire.asked;
    await shop.chat.write('while it sleeps');
    await shop.chat.message('while it sleeps', 'queued');
    assert.equal(shop.world.wire.asked, asked);
    await happens('resume');
    await shop.chat.message('while it sleeps', 'sent', 'delivered');
    assert.equal(await shop.counted('while it sleeps'), 1);
  });

  it('on which nothing comes any more is found out soon after the page is looked at, told meanwhile, and made again', async () => {
    await shop.chat.write('before the silence');
    await shop.chat.message('before the silence', 'sent', 'delivered');
    shop.world.wire.hold('up');
    shop.world.wire.hold('down');
    await happens('focus');
    await shop.chat.until('the doubt to be told', ({ chip }) => chip === 'Checking the connection…');
    // The network swallows what was written on the old wire, and a new one works.
    await shop.chat.until('it to be found dead', ({ chip }) => chip !== '' && chip !== 'Checking the connection…');
    shop.world.wire.cut();
    shop.world.wire.letGo();
    await shop.chat.write('after the silence');
    await shop.chat.message('after the silence', 'sent', 'delivered');
    assert.equal(await shop.counted('after the silence'), 1);
  });

  it('to a server that is restarted says why it waits, and a person need not', async () => {
    await shop.chat.write('before the restart');
    await shop.chat.message('before the restart', 'sent', 'delivered');
    await shop.judge.stop();
    await shop.world.server.quit();
    await shop.chat.until('the reason', ({ chip }) => chip.includes('is being restarted'));
    await shop.world.server.start();
    // The next attempt may have come meanwhile, so there is nothing to press any more.
    await shop.tab.until('a button that is pressed, or a connection', () => {
      const chip = document.querySelector('stoa-chat')?.shadowRoot?.querySelector('.status-chip');
      const button = chip?.querySelector('button');
      button?.click();
      return !!button || !chip;
    });
    await shop.chat.write('after the restart');
    await shop.chat.message('after the restart', 'sent', 'delivered');
    shop.judge = await shop.world.peer('support', { available: false });
    assert.equal(await shop.counted('after the restart'), 1);
  });
});

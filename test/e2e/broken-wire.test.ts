/** When the wire breaks: what was written waits or is in doubt, nothing is sent twice, and nobody storms a server that says no. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shopVisits } from '../support/shop-visit.js';
import { until } from '../support/until.js';
import { page, people } from '../support/world.js';

describe('a wire that breaks', () => {
  const shop = shopVisits();

  it('what is written while the server is down waits, and arrives exactly once when it is back', async () => {
    await shop.open();
    await shop.chat.write('before the fall');
    await shop.chat.message('before the fall', 'sent', 'delivered');
    await shop.judge.stop();
    await shop.world.server.kill();
    await shop.chat.write('while it is down');
    await shop.chat.message('while it is down', 'queued');
    await shop.chat.until('the chip', ({ chip, placeholder }) => chip !== '' && placeholder === 'Will be sent when connected');
    await shop.world.server.start();
    await shop.chat.message('while it is down', 'sent', 'delivered');
    shop.judge = await shop.world.peer('support', { available: false });
    assert.equal(await shop.counted('while it is down'), 1);
    assert.equal(await shop.counted('before the fall'), 1);
  });

  it('what waited is sent once even if the page is closed and opened again in between', async () => {
    await shop.open();
    await shop.chat.write('first');
    await shop.chat.message('first', 'sent', 'delivered');
    shop.world.wire.refuse(true);
    shop.world.wire.cut();
    await shop.chat.write('kept over a reload');
    await shop.chat.message('kept over a reload', 'queued');
    await shop.tab.reload();
    await shop.chat.open();
    await shop.chat.message('kept over a reload', 'queued');
    shop.world.wire.refuse(false);
    await shop.chat.message('kept over a reload', 'sent', 'delivered');
    assert.equal(await shop.counted('kept over a reload'), 1);
  });

  it('cut between writing and acknowledgement, after the server had it: in doubt, and not sent again by itself', async () => {
    await shop.open();
    await shop.chat.write('opening');
    await shop.chat.message('opening', 'sent', 'delivered');
    shop.world.wire.hold('down');
    await shop.chat.write('in doubt, arrived');
    await until('the server to have it', async () => (await shop.counted('in doubt, arrived')) === 1);
    shop.world.wire.cut();
    shop.world.wire.letGo();
    await shop.chat.message('in doubt, arrived', 'unconfirmed');
    await shop.chat.write('afterwards');
    await shop.chat.message('afterwards', 'sent', 'delivered');
    assert.equal(await shop.counted('in doubt, arrived'), 1);
    await shop.chat.message('in doubt, arrived', 'unconfirmed');
  });

  it('cut before the server had it: in doubt, and sent again when the person says so', async () => {
    await shop.open();
    await shop.chat.write('opening too');
    await shop.chat.message('opening too', 'sent', 'delivered');
    shop.world.wire.hold('up');
    await shop.chat.write('in doubt, lost');
    await shop.chat.message('in doubt, lost', 'sending');
    shop.world.wire.cut();
    shop.world.wire.letGo();
    await shop.chat.message('in doubt, lost', 'unconfirmed');
    await shop.chat.write('afterwards too');
    await shop.chat.message('afterwards too', 'sent', 'delivered');
    assert.equal(await shop.counted('in doubt, lost'), 0);
    await shop.chat.click('.trouble [data-act=retry]');
    await shop.chat.message('in doubt, lost', 'sent', 'delivered');
    assert.equal(await shop.counted('in doubt, lost'), 1);
  });

  it('a wrong password is said in one sentence and tried once', async () => {
    const asked = shop.world.wire.asked;
    await shop.tab.open(shop.world.serve('/client', page(shop.world.element({ mode: 'page', domain: shop.world.server.domain, to: '' }))));
    await shop.chat.logIn('ana', 'not this one');
    await shop.chat.until('the sentence', ({ problem }) => problem === 'The server does not accept this address with this password. Check both and sign in again.');
    await shop.tab.run(() => {
      const field = document.querySelector('stoa-chat')?.shadowRoot?.querySelector<HTMLInputElement>('input[autocomplete~=current-password]');
      field?.focus();
      field?.select();
    });
    await shop.tab.type(people.ana);
    await shop.tab.press('Enter');
    await shop.chat.sees('stoa-conversation-list');
    assert.equal(shop.world.wire.asked - asked, 2, 'one connection for the wrong password and one for the right one');
  });

  it('a domain that the server does not know is said in one sentence, and hardly asked for again', async () => {
    const asked = shop.world.wire.asked;
    await shop.tab.open(shop.world.serve('/nowhere', page(shop.world.tag({ domain: 'nowhere.example' }))));
    await shop.chat.click('[part=launcher]');
    await shop.chat.until('the sentence', ({ problem }) => /does not know the domain nowhere\.example\. Check the options “domain” and “service”\./u.test(problem));
    assert.ok(shop.world.wire.asked - asked <= 2, `asked ${shop.world.wire.asked - asked} times`);
  });

  it('a server that is not there is said in one sentence, with a button that tries again', async () => {
    shop.world.wire.refuse(true);
    await shop.tab.open(shop.world.serve('/away', page(shop.world.tag())));
    const asked = shop.world.wire.asked;
    await shop.chat.click('[part=launcher]');
    await shop.chat.until('the sentence', ({ chip }) => /cannot be reached\. Check that the server is running, and the option “service” if there is one\./u.test(chip));
    assert.ok(shop.world.wire.asked - asked <= 3, `asked ${shop.world.wire.asked - asked} times`);
    shop.world.wire.refuse(false);
    await shop.tab.until('a button to try', () => {
      const button = [...(document.querySelector('stoa-chat')?.shadowRoot?.querySelectorAll('button') ?? [])].find(({ textContent }) => /^\s*Try (now|again)\s*$/u.test(textContent));
      button?.click();
      return button !== undefined;
    });
    await shop.chat.sees('textarea');
    await shop.chat.write('there after all');
    await shop.chat.message('there after all', 'sent', 'delivered');
  });
});

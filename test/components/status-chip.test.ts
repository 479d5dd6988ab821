import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit/html.js';
import type { Status } from '../../src/entities/status.js';
import '../../src/components/status-chip.js';
import { createFakeChat, type FakeChat } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

const SHOWN = { timeout: 4_000 };
const soon = (): number => Date.now() + 60_000;

describe('the status chip', () => {
  let chat: FakeChat;
  let on: Stage;
  /** All that was ever shown, one after the other. */
  let shown: string[];
  let watcher: MutationObserver;
  const said = (): string => on.get('.chip-place').textContent.replace(/\s+/gu, ' ').trim();
  const tells = (part: string): Promise<void> => waitUntil(() => said().includes(part), `“${part}” is not told`, SHOWN);
  const silent = (): Promise<void> => waitUntil(() => said() === '', 'it stays', SHOWN);

  const open = async (first: Status, whole = false): Promise<void> => {
    chat = createFakeChat();
    chat.setStatus(first);
    on = stage(chat, screen => html`<stoa-status-chip .screen=${screen} .whole=${whole}></stoa-status-chip>`, { height: 200 });
    await waitUntil(() => on.root.querySelector('.chip-place'));
    shown = [];
    watcher = new MutationObserver(() => void shown.push(said()));
    watcher.observe(on.root, { childList: true, subtree: true, characterData: true });
  };
  afterEach(() => {
    watcher.disconnect();
    on.remove();
  });

  it('stays silent while things take less than 2 s, however often they change', async () => {
    await open({ name: 'online' });
    const since = Date.now();
    for (let round = 0; round < 10; round++) {
      chat.setStatus({ name: 'waiting', at: soon(), problem: { code: 'connection-lost' } });
      await new Promise(requestAnimationFrame);
      chat.setStatus({ name: 'connecting' });
      await new Promise(requestAnimationFrame);
      chat.setStatus({ name: 'online' });
      await new Promise(requestAnimationFrame);
    }
    if (Date.now() - since < 2_000) expect(shown).to.deep.equal([]);
    chat.setStatus({ name: 'connecting' });
    await tells('Connecting…');
  });

  it('says when the next try is, to the eye only, and the rest to everybody', async () => {
    await open({ name: 'waiting', at: soon(), problem: { code: 'connection-lost' } });
    await tells('Reconnecting in');
    expect(on.get('.chip-place').getAttribute('role')).to.equal('status');
    expect(on.get('[aria-hidden=true]').textContent).to.match(/^Reconnecting in \d+ s$/u);
    expect(on.get('.hidden-text').textContent).to.equal('Reconnecting');
    await on.still();
    await expect(on.host).to.be.accessible();
  });

  it('says that there is no network, when it looks again, and lets a person look now', async () => {
    await open({ name: 'offline', at: soon() });
    await tells('Offline. Next try in');
    expect(on.get('.hidden-text').textContent).to.equal('Offline. Messages will be sent later');
    on.get('button').click();
    expect(chat.asked).to.deep.equal(['reconnect']);
  });

  it('says the reason where waiting is not all there is to it', async () => {
    await open({ name: 'online' });
    chat.setStatus({ name: 'waiting', at: soon(), problem: { code: 'server-shutdown', params: { domain: 'a.example' } } });
    await tells('a.example is being restarted.');
    chat.setStatus({ name: 'waiting', at: soon(), problem: { code: 'connection-lost' } });
    await waitUntil(() => !said().includes('restarted'));
    expect(said()).to.not.include('was lost');
  });

  it('stays while one trouble turns into the next, as the grace counts from the beginning of all of it', async () => {
    await open({ name: 'online' });
    chat.setStatus({ name: 'verifying', failing: true });
    const since = Date.now();
    await tells('Checking the connection…');
    expect(Date.now() - since).to.be.within(1_900, 3_500);
    for (const status of [{ name: 'waiting', at: soon(), problem: { code: 'connection-lost' } }, { name: 'connecting' }, { name: 'verifying' }, { name: 'offline', at: soon() }, { name: 'online' }, { name: 'connecting' }] as const) {
      chat.setStatus(status);
      await on.still();
      expect(said()).to.not.equal('');
    }
    expect(shown).to.not.include('');
    chat.setStatus({ name: 'online' });
    await silent();
  });

  it('counts the grace over changes of trouble, too', async () => {
    await open({ name: 'connecting' });
    const since = Date.now();
    while (Date.now() - since < 1_500) {
      chat.setStatus({ name: 'verifying' });
      await new Promise(requestAnimationFrame);
      chat.setStatus({ name: 'connecting' });
      await new Promise(requestAnimationFrame);
    }
    await tells('Connecting…');
    expect(Date.now() - since).to.be.below(3_000);
  });

  it('says nothing of a server that was asked and answers in time, and something of one that takes long', async () => {
    await open({ name: 'online' });
    const since = Date.now();
    chat.setStatus({ name: 'verifying' });
    await waitUntil(() => said() === 'Checking the connection…', 'it never tells', { timeout: 8_000 });
    expect(Date.now() - since).to.be.at.least(4_900);
    chat.setStatus({ name: 'online' });
    await silent();
    expect(shown.filter(text => text !== '')).to.deep.equal(['Checking the connection…', 'Connected']);
  });

  it('says that all is well again, then goes', async () => {
    await open({ name: 'connecting' });
    await tells('Connecting…');
    chat.setStatus({ name: 'online' });
    await tells('Connected');
    await silent();
  });

  it('leaves what stopped the chat to the card, but says it where there is none', async () => {
    const conflict: Status = { name: 'failed', problem: { code: 'conflict', action: 'retry' } };
    await open({ name: 'online' });
    chat.setStatus(conflict);
    await new Promise(requestAnimationFrame);
    expect(said()).to.equal('');
    on.remove();
    watcher.disconnect();
    await open(conflict, true);
    await tells('taken over from elsewhere');
    expect(on.get('button').textContent).to.equal('Use here');
    on.get('button').click();
    expect(chat.asked).to.deep.equal(['reconnect']);
    await on.still();
    await expect(on.host).to.be.accessible();
  });

  it('signs out where only a new sign-in helps', async () => {
    await open({ name: 'failed', problem: { code: 'wrong-password', action: 'sign-in' } }, true);
    await tells('does not accept this address');
    on.get('button').click();
    expect(chat.asked).to.deep.equal(['logOut']);
  });

  it('is worked by keys, and keeps the place of whoever pressed its button', async () => {
    await open({ name: 'waiting', at: soon(), problem: { code: 'connection-lost' } });
    await tells('Reconnecting in');
    on.get('button').focus();
    await sendKeys({ press: 'Enter' });
    expect(chat.asked).to.deep.equal(['reconnect']);
    chat.setStatus({ name: 'connecting' });
    await tells('Connecting…');
    expect(on.root.activeElement?.className).to.equal('chip-place');
  });

  it('counts down without losing the focus', async () => {
    await open({ name: 'waiting', at: soon(), problem: { code: 'connection-lost' } });
    await tells('Reconnecting in');
    on.get('button').focus();
    const first = said();
    await waitUntil(() => said() !== first, 'the seconds stand still', SHOWN);
    expect(on.root.activeElement?.localName).to.equal('button');
  });

  it('lets what lies under it be used', async () => {
    await open({ name: 'connecting' });
    await tells('Connecting…');
    const place = on.get('.chip-place').getBoundingClientRect();
    expect(getComputedStyle(on.get('.chip-place')).pointerEvents).to.equal('none');
    expect(on.get('.status-chip').getBoundingClientRect().width).to.be.lessThan(place.width);
  });
});

import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import type { StoaConversationView } from '../../src/components/conversation-view.js';
import '../../src/components/conversation-view.js';
import { createFakeChat, type FakeChat, type FakeConversation } from '../support/fake-chat.js';
import { stage, type Stage, type StageSize } from '../support/stage.js';

const ALICE = 'alice@example.org';

describe('conversation view', () => {
  let chat: FakeChat;
  let alice: FakeConversation;
  let on: Stage;

  const view = (): StoaConversationView => {
    const found = on.root.querySelector<StoaConversationView>('stoa-conversation-view');
    if (!found) throw new Error('There is no conversation on the stage');
    return found;
  };
  const open = async (size: StageSize = {}, given: Parameters<FakeChat['conversation']>[1] = { history: 4 }, status?: Parameters<FakeChat['setStatus']>[0]): Promise<void> => {
    chat = createFakeChat();
    if (status) chat.setStatus(status);
    alice = chat.conversation(ALICE, given);
    on = stage(chat, screen => html`<stoa-conversation-view .screen=${screen} .conversation=${alice} .back=${true} .minimise=${true}></stoa-conversation-view>`, size);
    await waitUntil(() => on.root.querySelector('article, .nothing-yet') && on.root.querySelector('textarea') && on.root.querySelector('h2'));
  };
  const log = (): HTMLElement => on.get('.log');

  afterEach(() => on.remove());

  it('leads the Tab key from the header over the messages to the field, and is sound to a machine', async () => {
    await open();
    expect(on.all('article')).to.have.length(4);
    await expect(on.host).to.be.accessible();
    const stops: string[] = [];
    for (let stop = 0; stop < 5; stop += 1) {
      await sendKeys({ press: 'Tab' });
      const active = on.root.activeElement as HTMLElement;
      stops.push(active.getAttribute('aria-label') ?? active.localName);
    }
    expect(stops).to.deep.equal(['Back', 'Minimise', 'article', 'Message to Alice', 'Send']);
  });

  it('tells when its buttons are pressed', async () => {
    await open();
    const heard: string[] = [];
    for (const name of ['back', 'minimise']) on.host.shadowRoot?.addEventListener(name, ({ type }) => heard.push(type));
    on.get('.back').click();
    on.get('.minimise').click();
    expect(heard).to.deep.equal(['back', 'minimise']);
  });

  it('says how the other one is, and nothing while that is unknown', async () => {
    await open();
    expect(on.root.querySelector('.status, .presence')).to.equal(null);
    alice.there.value = { show: 'away', status: '' };
    await waitUntil(() => on.root.querySelector('.status')?.textContent === 'Away');
    chat.typing(ALICE, [ALICE]);
    await waitUntil(() => on.get('.status').textContent === 'Alice is typing…');
    chat.typing(ALICE, []);
    await waitUntil(() => on.get('.status').textContent === 'Away');
  });

  it('draws a hostile name as text on one line, with its tricks shown', async () => {
    await open({ width: 280 });
    alice.named.value = '<img src=x onerror=alert(1)>\u202E\n' + 'W'.repeat(5000);
    await waitUntil(() => on.get('h2').textContent.includes('<img'));
    expect(on.get('h2 bdi').textContent).to.contain('<img src=x onerror=alert(1)>▯▯W');
    expect(on.root.querySelector('img')).to.equal(null);
    expect(on.get('header').getBoundingClientRect().height).to.be.lessThan(70);
    expect(on.get('.conversation').scrollWidth).to.equal(280);
  });

  it('goes to the end with one’s own message, from wherever one was', async () => {
    await open({}, { history: 60 });
    log().scrollTop = 0;
    await waitUntil(() => on.root.querySelector('.pill'));
    (on.get('textarea') as HTMLTextAreaElement).focus();
    await sendKeys({ type: 'Hello' });
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => on.all('article').at(-1)?.textContent.includes('Hello'), 'it was not drawn');
    await waitUntil(() => log().scrollHeight - log().clientHeight - log().scrollTop < 1, 'it is not in sight');
  });

  it('puts focus on the field or on the title when asked', async () => {
    await open();
    await view().focusField();
    expect(on.root.activeElement?.localName).to.equal('textarea');
    await view().focusTitle();
    expect(on.root.activeElement?.localName).to.equal('h2');
  });

  it('says that there is nothing yet only when that is known', async () => {
    await open({}, {});
    expect(on.get('.nothing-yet').textContent).to.contain('No messages yet').and.to.contain('Alice');
    await expect(on.host).to.be.accessible();
  });

  describe('connection', () => {
    const chip = (): HTMLElement | null => on.root.querySelector('.status-chip');

    it('is told only when trouble lasts, over the messages, which do not move', async () => {
      await open({}, { history: 60 });
      const height = log().clientHeight;
      const since = Date.now();
      chat.setStatus({ name: 'connecting' });
      await waitUntil(() => chip(), 'nothing is told', { timeout: 4000 });
      expect(Date.now() - since).to.be.at.least(1900);
      expect(chip()?.textContent).to.equal('Connecting…');
      expect(chip()?.closest('[role="status"]')).to.not.equal(null);
      expect(log().clientHeight).to.equal(height);
      chat.setStatus({ name: 'offline', at: Date.now() + 60_000 });
      await waitUntil(() => chip()?.textContent.includes('Offline. Messages will be sent later'));
      chat.setStatus({ name: 'online' });
      await waitUntil(() => chip()?.textContent === 'Connected');
      await waitUntil(() => chip() === null, 'it stays', { timeout: 3000 });
    });

    it('counts down to the next try and offers to try now', async () => {
      await open();
      chat.setStatus({ name: 'waiting', at: Date.now() + 60_000, problem: { code: 'unreachable' } });
      await waitUntil(() => chip(), 'nothing is told', { timeout: 4000 });
      expect(chip()?.textContent.replace(/\s+/gu, ' ')).to.match(/Reconnecting in 5\d s/u);
      await on.still();
      await expect(on.host).to.be.accessible();
      const first = chip()?.textContent;
      await waitUntil(() => chip()?.textContent !== first, 'the seconds stand still', { timeout: 3000 });
      on.get('.status-chip button').click();
      expect(chat.asked).to.deep.equal(['reconnect']);
    });

    it('that never stood is told with its reason, and one that did without', async () => {
      await open({}, { history: 4 }, { name: 'waiting', at: Date.now() + 60_000, problem: { code: 'host-unknown', params: { host: 'a.example', domain: 'b.example' } } });
      await waitUntil(() => chip()?.textContent.includes('a.example does not know the domain b.example.'), 'no reason is told', { timeout: 4000 });
      await on.still();
      await expect(on.host).to.be.accessible();
      chat.setStatus({ name: 'online' });
      await waitUntil(() => chip() === null, 'it stays', { timeout: 3000 });
      chat.setStatus({ name: 'waiting', at: Date.now() + 60_000, problem: { code: 'unreachable', params: { host: 'a.example' } } });
      await waitUntil(() => chip()?.textContent.includes('Reconnecting in'), 'nothing is told', { timeout: 4000 });
      expect(chip()?.textContent).not.to.include('cannot be reached');
    });

    it('that ended for good is a card in place of the field, with one button; what was typed is kept', async () => {
      await open();
      (on.get('textarea') as HTMLTextAreaElement).focus();
      await sendKeys({ type: 'Hello' });
      chat.setStatus({ name: 'failed', problem: { code: 'host-unknown', params: { host: 'a.example', domain: 'b.example' }, action: 'retry' } });
      await waitUntil(() => on.root.querySelector('.problem'));
      expect(on.root.querySelector('textarea, .status-chip')).to.equal(null);
      expect(on.get('.problem').textContent).to.contain('a.example').and.to.contain('b.example');
      await expect(on.host).to.be.accessible();
      await waitUntil(() => on.root.activeElement?.closest('.problem'), 'focus was lost');
      on.get('.problem button').click();
      expect(chat.asked).to.deep.equal(['reconnect']);
      chat.setStatus({ name: 'online' });
      await waitUntil(() => (on.root.querySelector('textarea'))?.value === 'Hello', 'the text is lost');
      await waitUntil(() => on.root.activeElement?.localName === 'textarea', 'focus was lost');
    });

    it('that a new sign-in would mend says so', async () => {
      await open();
      chat.setStatus({ name: 'failed', problem: { code: 'wrong-password', action: 'sign-in' } });
      await waitUntil(() => on.root.querySelector('.problem'));
      expect(on.get('.problem button').textContent).to.equal('Sign in again');
      on.get('.problem button').click();
      expect(chat.asked).to.deep.equal(['logOut']);
    });
  });

  describe('what is read aloud', () => {
    const region = (): HTMLElement => on.get('[aria-live="polite"]');

    it('is a live message once, with its name, and nothing of the history', async () => {
      await open();
      expect(region().textContent.trim()).to.equal('');
      alice.receive('Hello <b>you</b>');
      await waitUntil(() => region().textContent.trim() === 'Alice: Hello <b>you</b>');
      expect(region().querySelector('b')).to.equal(null);
      alice.write('Hi');
      chat.conversation('bob@example.org').receive('Psst');
      await view().updateComplete;
      expect(region().textContent).to.contain('Hello').and.not.to.contain('Psst');
    });

    it('is a number for a burst, at most one line in a second', async () => {
      await open();
      const lines: { readonly text: string; readonly at: number }[] = [];
      new MutationObserver(() => lines.push({ text: region().textContent.trim(), at: performance.now() })).observe(region(), { childList: true, subtree: true, characterData: true });
      alice.receiveAll(['One', 'Two', 'Three', 'Four']);
      await waitUntil(() => lines.at(-1)?.text === '3 new messages', 'the burst was not told', { timeout: 3000 });
      expect(lines[0]?.text).to.equal('Alice: One');
      expect((lines.at(-1)?.at ?? 0) - (lines[0]?.at ?? 0)).to.be.at.least(900);
    });

    it('is the same words twice when they were said twice', async () => {
      await open();
      alice.receive('Hello');
      await waitUntil(() => region().querySelector('p'));
      const first = region().querySelector('p');
      alice.receive('Hello');
      await waitUntil(() => region().querySelector('p') !== first, 'the second was not said', { timeout: 3000 });
      expect(region().textContent.trim()).to.equal('Alice: Hello');
    });
  });

  it('fits into 280 px from right to left', async () => {
    await open({ width: 280, height: 420, locale: 'he' });
    chat.setStatus({ name: 'waiting', at: Date.now() + 60_000, problem: { code: 'unreachable' } });
    expect(on.get('.conversation').scrollWidth).to.equal(280);
    expect(on.get('.send').getBoundingClientRect().left).to.be.lessThan(on.get('textarea').getBoundingClientRect().left);
    expect(on.get('.back').getBoundingClientRect().left).to.be.greaterThan(on.get('h2').getBoundingClientRect().left);
  });
});

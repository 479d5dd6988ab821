import { expect, waitUntil } from '@open-wc/testing';
import { html } from 'lit';
import '../../src/components/page/page-view.js';
import { createFakeChat, type FakeChat } from '../support/fake-chat.js';
import { stage, type Stage, type StageSize } from '../support/stage.js';

describe('the full client', () => {
  let chat: FakeChat;
  let on: Stage;
  const open = async (size: StageSize = { width: 1000 }, options: Readonly<Record<string, string>> = {}): Promise<void> => {
    chat = createFakeChat({ mode: 'page', domain: 'example.org', service: 'wss://example.org/ws', ...options });
    chat.setAddress('ana@example.org');
    chat.conversation('alice@example.org', { title: 'Alice', history: 5 });
    chat.conversation('bob@example.org', { title: 'Bob', history: 5 });
    on = stage(chat, screen => html`<stoa-page-view .screen=${screen}></stoa-page-view>`, size);
    const fill = new CSSStyleSheet();
    fill.replaceSync('.root{display:flex}stoa-page-view{flex:1}');
    on.root.adoptedStyleSheets.push(fill);
    await waitUntil(() => on.root.querySelector('a.row, stoa-login form'));
  };
  const isSeen = (selector: string): boolean => on.get(selector).checkVisibility({ visibilityProperty: true });
  const rowOf = (name: string): HTMLElement => {
    const row = on.all('a.row').find(row => row.querySelector('.name')?.textContent === name);
    if (!row) throw new Error(`${name} is not in the list`);
    return row;
  };
  const choose = async (name: string): Promise<void> => {
    rowOf(name).click();
    await waitUntil(() => on.root.querySelector('h2 bdi')?.textContent === name && on.root.querySelector('textarea'));
    await on.still();
  };

  afterEach(() => on.remove());

  it('has the list and the conversation side by side where there is room', async () => {
    await open();
    expect(isSeen('.sidebar') && isSeen('.talk')).to.equal(true);
    expect(on.get('.talk').textContent).to.contain('Choose a conversation, or start a new one.');
    await expect(on.host).to.be.accessible();
    await choose('Alice');
    expect(rowOf('Alice').ariaCurrent).to.equal('true');
    expect(isSeen('.talk .icon-button.back')).to.equal(false);
    await waitUntil(() => on.root.activeElement?.localName === 'textarea');
    await expect(on.host).to.be.accessible();
  });

  it('has one way to a new chat where both are seen', async () => {
    await open();
    expect(on.all('button').filter(({ textContent }) => textContent === 'New chat')).to.have.length(1);
  });

  it('has a login that stays where it is when an error makes it longer', async () => {
    await open({ width: 1000, height: 700 });
    chat.setSignIn('out');
    await waitUntil(() => on.root.querySelector('.login'));
    const card = (): DOMRect => on.get('.login').getBoundingClientRect();
    const before = card();
    expect(before.top - on.host.getBoundingClientRect().top).to.be.within(70, 140);
    on.get('.login [type=submit]').click();
    await waitUntil(() => on.root.querySelector('.error'));
    await on.still();
    expect(card().height).to.be.above(before.height);
    expect(card().top).to.equal(before.top);
  });

  it('calls nobody online while the server cannot be reached', async () => {
    await open();
    const account = (): readonly (string | null)[] => [on.get('.account .status').textContent, on.get('.account .presence').className];
    expect(account()).to.deep.equal(['Online', 'presence online']);
    chat.setStatus({ name: 'verifying' });
    await on.still();
    expect(account()).to.deep.equal(['Online', 'presence online']);
    chat.setStatus({ name: 'verifying', failing: true });
    await waitUntil(() => account()[0] === 'Checking the connection…');
    expect(account()[1]).to.equal('presence offline');
  });

  it('keeps to its own box, down to 280', async () => {
    for (const width of [280, 719, 720, 1200]) {
      await open({ width });
      expect(on.get('.columns').scrollWidth, String(width)).to.be.at.most(width);
      on.remove();
    }
    await open({ width: 280 });
  });

  it('shows one after the other in a narrow box, and Back returns to the row and the place in the list', async () => {
    await open({ width: 400 });
    for (let index = 0; index < 20; index += 1) chat.conversation(`friend${index}@example.org`, { title: `Friend ${index}`, history: 1 });
    await waitUntil(() => on.all('a.row').length === 22);
    expect(isSeen('.talk')).to.equal(false);
    on.get('.rows').scrollTop = 300;
    const name = on.all('a.row .name')[8]?.textContent ?? '';
    await choose(name);
    expect([isSeen('.sidebar'), isSeen('.talk')]).to.deep.equal([false, true]);
    await waitUntil(() => on.root.activeElement?.localName === 'h2');
    on.get('.talk .icon-button.back').click();
    await waitUntil(() => on.root.activeElement === rowOf(name));
    expect([isSeen('.sidebar'), isSeen('.talk')]).to.deep.equal([true, false]);
    expect(on.get('.rows').scrollTop).to.equal(300);
  });

  it('counts nothing as read that nobody sees', async () => {
    await open({ width: 400 });
    await choose('Alice');
    on.get('.talk .icon-button.back').click();
    await waitUntil(() => isSeen('.sidebar'));
    chat.conversation('alice@example.org').receive('Are you there?');
    await waitUntil(() => rowOf('Alice').textContent.includes('1 unread'));
  });

  it('asks for the sign-in first, and hands its focus to the list', async () => {
    await open();
    chat.setSignIn('out');
    await waitUntil(() => on.root.querySelector('stoa-login form'));
    on.get('#login-password').focus();
    chat.setSignIn('in');
    await waitUntil(() => on.root.activeElement?.matches('a.row'));
  });

  it('asks before it signs out while messages wait to be sent', async () => {
    await open();
    chat.setUnsent(2);
    const asked: string[] = [];
    const { confirm } = window;
    let answer = false;
    window.confirm = question => {
      asked.push(question ?? '');
      return answer;
    };
    try {
      on.get('.sign-out').click();
      await waitUntil(() => asked.length === 1);
      await on.still();
      expect(chat.asked).to.deep.equal([]);
      expect(asked[0]).to.contain('would be lost: 2');
      answer = true;
      on.get('.sign-out').click();
      await waitUntil(() => chat.asked.includes('logOut'));
    } finally {
      window.confirm = confirm;
    }
  });

  it('shows a person nothing that the one before had chosen', async () => {
    await open();
    await choose('Alice');
    on.get('.sign-out').click();
    await waitUntil(() => on.root.querySelector('stoa-login form'));
    expect(chat.asked).to.deep.equal(['logOut']);
    expect(on.root.querySelector('stoa-conversation-view') === null).to.equal(true);
    chat.setSignIn('in');
    await waitUntil(() => on.root.querySelector('.talk .nothing'));
  });

  it('goes straight to whom the options name', async () => {
    await open({ width: 400 }, { to: 'bob@example.org' });
    await waitUntil(() => on.root.querySelector('h2 bdi')?.textContent === 'Bob');
    expect(isSeen('.talk')).to.equal(true);
  });

  it('starts a conversation with somebody new', async () => {
    await open();
    chat.setContacts([]);
    on.get('.add').click();
    await waitUntil(() => on.root.activeElement?.id === 'new-chat-field');
    const field = on.get('#new-chat-field') as HTMLInputElement;
    field.value = 'zoe@example.org';
    field.dispatchEvent(new InputEvent('input'));
    await waitUntil(() => on.root.querySelector('[role=option]'));
    on.get('[role=option]').click();
    await waitUntil(() => on.root.querySelector('stoa-conversation-list') && on.root.activeElement?.localName === 'textarea');
  });

  it('puts focus back on its button when that is cancelled', async () => {
    await open();
    on.get('.add').click();
    await waitUntil(() => on.root.activeElement?.id === 'new-chat-field');
    on.get('.new-chat button').click();
    await waitUntil(() => on.root.activeElement?.matches('.add'));
  });

  it('says how the own connection is', async () => {
    await open();
    expect(on.get('.account .status').textContent).to.equal('Online');
    chat.setStatus({ name: 'offline', at: Date.now() + 60_000 });
    await waitUntil(() => on.get('.account .status').textContent === 'Offline');
  });

  it('tells of the connection in one place, whatever is to be seen', async () => {
    const chips = (): readonly HTMLElement[] => on.all('.chip-place').filter(place => place.checkVisibility({ visibilityProperty: true }));
    for (const [width, chosen, where] of [[1000, false, '.talk'], [1000, true, '.talk'], [400, false, '.sidebar'], [400, true, '.talk']] as const) {
      await open({ width });
      if (chosen) await choose('Alice');
      expect(chips(), `${width} ${chosen}`).to.have.length(1);
      expect(chips()[0]?.closest(where), `${width} ${chosen}`).to.not.equal(null);
      on.remove();
    }
    await open({ width: 400 });
    chat.setStatus({ name: 'failed', problem: { code: 'conflict', action: 'retry' } });
    await waitUntil(() => chips()[0]?.textContent.includes('taken over from elsewhere'), 'the list does not say why it stopped');
    await on.still();
    expect(chips()[0]?.getBoundingClientRect().top).to.be.greaterThan(on.get('.list-head').getBoundingClientRect().bottom);
    await expect(on.host).to.be.accessible();
  });

  it('says what ended the chat also where no conversation is open', async () => {
    await open();
    chat.setStatus({ name: 'failed', problem: { code: 'conflict', action: 'retry' } });
    await waitUntil(() => on.root.querySelector('.talk .problem'));
    on.get('.talk .problem button').click();
    expect(chat.asked).to.deep.equal(['reconnect']);
  });
});

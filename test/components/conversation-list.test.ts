import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import '../../src/components/page/conversation-list.js';
import type { StoaConversationList } from '../../src/components/page/conversation-list.js';
import { listStyles } from '../../src/components/page/list-styles.js';
import { createFakeChat, type FakeChat, type FakeConversation } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

describe('the list of conversations', () => {
  let chat: FakeChat;
  let on: Stage;
  let current: string | undefined;
  const people = (...names: readonly string[]): readonly FakeConversation[] =>
    names.map((name, index) => {
      const conversation = chat.conversation(`${name.toLowerCase()}@example.org`, { title: name });
      // Each is a minute older than the one before.
      conversation.receive(`Hello from ${name}`, { time: Date.now() - index * 60_000 });
      return conversation;
    });
  const show = async (): Promise<void> => {
    on = stage(chat, screen => html`<stoa-conversation-list .screen=${screen} .current=${current}></stoa-conversation-list>`);
    const column = new CSSStyleSheet();
    column.replaceSync('.root{display:flex;flex-direction:column}');
    on.root.adoptedStyleSheets.push(listStyles, column);
    await waitUntil(() => on.root.querySelector('.row, .nothing'));
  };
  const rows = (): readonly HTMLElement[] => on.all('a.row');
  const names = (): readonly (string | null)[] => rows().map(row => row.querySelector('.name')?.textContent ?? null);
  /** What a screen reader says of a row. */
  const said = (row: HTMLElement | undefined): string => (row?.querySelector('.line')?.textContent ?? '').replace(/\s+/gu, ' ').trim();
  const focusedName = (): string | null | undefined => on.root.activeElement?.querySelector('.name')?.textContent;

  beforeEach(() => {
    chat = createFakeChat({ mode: 'page', domain: 'example.org', service: 'wss://example.org/ws' });
    current = undefined;
  });
  afterEach(() => on.remove());

  it('is a list of links with one stop of the Tab key, and sound to a machine', async () => {
    const [, bob] = people('Alice', 'Bob', 'Carla');
    if (bob) bob.there.value = { show: 'away', status: '' };
    current = 'bob@example.org';
    await show();
    expect(names()).to.deep.equal(['Alice', 'Bob', 'Carla']);
    expect(rows().map(({ tabIndex }) => tabIndex)).to.deep.equal([-1, 0, -1]);
    expect(rows().map(({ ariaCurrent }) => ariaCurrent)).to.deep.equal([null, 'true', null]);
    await expect(on.host).to.be.accessible();
  });

  it('moves by arrows, Home and End', async () => {
    people('Alice', 'Bob', 'Carla');
    await show();
    await sendKeys({ press: 'Tab' });
    const walk: (string | null | undefined)[] = [focusedName()];
    for (const press of ['ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'ArrowUp']) {
      await sendKeys({ press });
      walk.push(focusedName());
    }
    expect(walk).to.deep.equal(['Alice', 'Bob', 'Carla', 'Carla', 'Bob', 'Alice', 'Alice']);
    expect(rows().map(({ tabIndex }) => tabIndex)).to.deep.equal([0, -1, -1]);
  });

  it('finds a name by its first letters, and the next of the same letter', async () => {
    people('Alice', 'Bob', 'Carla', 'Clara');
    await show();
    await sendKeys({ press: 'Tab' });
    await sendKeys({ type: 'cl' });
    expect(focusedName()).to.equal('Clara');
    rows()[0]?.focus();
    rows()[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true }));
    expect(focusedName()).to.equal('Alice');
  });

  it('says in a row’s name who, how much is unread and when', async () => {
    const [alice] = people('Alice');
    await show();
    alice?.receiveAll(['Two', 'Three']);
    await waitUntil(() => /^Alice, 3 unread, \d/u.test(said(rows()[0])), said(rows()[0]));
    expect(on.get('.count').textContent).to.equal('3');
  });

  it('draws nothing for what nobody knows, and “99+” for very many', async () => {
    const unread = [{ kind: 'unknown' }, { kind: 'atLeast', count: 250 }];
    people('Alice', 'Bob').forEach((conversation, index) => Object.assign(conversation, { unread: { value: unread[index] } }));
    await show();
    expect(on.all('.count').map(({ textContent }) => textContent)).to.deep.equal(['99+']);
    expect(said(rows()[1])).to.contain('at least 250 unread');
  });

  it('shows what was said last, who said it, a draft before it, and typing before both', async () => {
    const [alice] = people('Alice');
    await show();
    const preview = (): string | undefined => rows()[0]?.querySelector('.preview')?.textContent;
    expect(preview()).to.equal('Hello from Alice');
    alice?.write('And from me');
    await waitUntil(() => preview() === 'You: And from me');
    alice?.setDraft('I would');
    await waitUntil(() => preview() === 'Draft: I would');
    chat.typing('alice@example.org', ['alice@example.org']);
    await waitUntil(() => preview() === 'typing…');
    chat.typing('alice@example.org', []);
    alice?.setDraft('');
    alice?.receive(null);
    await waitUntil(() => preview() === 'This message cannot be read.');
  });

  it('keeps hostile names and texts to themselves', async () => {
    const evil = chat.conversation('eve@example.org', { title: '\u202EAlice <img src=x>\u200B' });
    evil.receive('<b>bold</b>\u202Egnp.exe');
    await show();
    expect(on.all('img, b')).to.have.length(0);
    expect(rows()[0]?.querySelector('bdi.name')?.textContent).to.not.contain('\u202E');
    expect(rows()[0]?.querySelector('.preview bdi') === null).to.equal(false);
  });

  it('tells which was chosen, and leaves the page where it is', async () => {
    people('Alice', 'Bob');
    await show();
    const heard: unknown[] = [];
    on.root.addEventListener('choose', event => heard.push((event as CustomEvent).detail));
    rows()[1]?.click();
    await sendKeys({ press: 'Tab' });
    rows()[0]?.focus();
    await sendKeys({ press: 'Enter' });
    expect(heard).to.deep.equal(['bob@example.org', 'alice@example.org']);
    expect(location.hash).to.equal('');
  });

  it('keeps focus on its row while others move past it', async () => {
    const [, , carla] = people('Alice', 'Bob', 'Carla');
    await show();
    await on.root.querySelector<StoaConversationList>('stoa-conversation-list')?.focusRow('bob@example.org');
    carla?.receive('Me first', { time: Date.now() + 1_000 });
    await waitUntil(() => names()[0] === 'Carla');
    expect(focusedName()).to.equal('Bob');
  });

  it('draws more rows as their end comes near', async () => {
    people(...Array.from({ length: 150 }, (_, index) => `Friend${index}`));
    await show();
    const first = rows().length;
    expect(first).to.be.below(100);
    const list = on.get('.rows');
    list.scrollTop = list.scrollHeight;
    await waitUntil(() => rows().length > first);
    rows()[0]?.focus();
    for (let press = 0; press < 3; press += 1) await sendKeys({ press: 'End' });
    await waitUntil(() => rows().length === 150);
  });

  it('says what to do where there is nothing yet', async () => {
    await show();
    expect(on.get('.nothing').textContent).to.contain('No conversations yet');
    await expect(on.host).to.be.accessible();
  });
});

import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import type { Contact } from '../../src/entities/presence.js';
import '../../src/components/page/new-chat.js';
import { listStyles } from '../../src/components/page/list-styles.js';
import { createFakeChat, type FakeChat } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

const contact = (name: string, address = `${name.toLowerCase()}@example.org`): Contact => ({ address, name, subscription: 'both', pending: false, groups: [] });

describe('a new chat', () => {
  let chat: FakeChat;
  let on: Stage;
  let heard: unknown[];
  const open = async (contacts?: readonly Contact[]): Promise<void> => {
    chat = createFakeChat({ mode: 'page', domain: 'example.org', service: 'wss://example.org/ws' });
    chat.setAddress('ana@example.org');
    if (contacts) chat.setContacts(contacts);
    on = stage(chat, screen => html`<stoa-new-chat .screen=${screen}></stoa-new-chat>`);
    on.root.adoptedStyleSheets.push(listStyles);
    heard = [];
    for (const name of ['choose', 'cancel']) on.root.addEventListener(name, event => heard.push((event as CustomEvent<unknown>).detail ?? name));
    await waitUntil(() => on.root.activeElement?.localName === 'input');
  };
  const choices = (): readonly string[] => on.all('[role=option]').map(option => [...option.querySelectorAll('.name, .preview')].map(({ textContent }) => textContent).join(' | '));
  const say = (): string => on.get('[role=status]').textContent.trim();

  afterEach(() => on.remove());

  it('lists the contacts, has the field in focus, and is sound to a machine', async () => {
    await open([contact('Carla'), contact('Bob')]);
    expect(choices()).to.deep.equal(['Bob | bob@example.org', 'Carla | carla@example.org']);
    await expect(on.host).to.be.accessible();
  });

  it('finds by name and by address, and takes the one in front by Enter', async () => {
    await open([contact('Carla', 'cn@example.org'), contact('Bob')]);
    await sendKeys({ type: 'CAR' });
    await waitUntil(() => choices()[0] === 'Carla | cn@example.org');
    await sendKeys({ press: 'Enter' });
    expect(heard).to.deep.equal(['cn@example.org']);
  });

  it('moves among what it found by arrows, while the field keeps focus', async () => {
    await open([contact('Bob'), contact('Carla')]);
    await sendKeys({ press: 'ArrowDown' });
    await waitUntil(() => on.get('[aria-selected=true]').textContent.includes('Carla'));
    expect(on.get(`#${on.get('input').getAttribute('aria-activedescendant') ?? ''}`).textContent).to.contain('Carla');
    expect(on.root.activeElement?.localName).to.equal('input');
    await sendKeys({ press: 'Enter' });
    expect(heard).to.deep.equal(['carla@example.org']);
  });

  it('writes to any address, and takes a name alone for one of the own server', async () => {
    await open([contact('Bob')]);
    await sendKeys({ type: 'Zoe@Elsewhere.example' });
    await waitUntil(() => choices()[0] === 'zoe@elsewhere.example | Write to this address');
    on.get('[role=option]').click();
    expect(heard).to.deep.equal(['zoe@elsewhere.example']);
    (on.get('input') as HTMLInputElement).select();
    await sendKeys({ type: 'zoe' });
    await waitUntil(() => choices()[0] === 'zoe@example.org | Write to this address');
  });

  it('does not offer what is no address, nor oneself, nor a contact twice', async () => {
    await open([contact('Bob')]);
    for (const [typed, expected] of [['b o b', []], ['ana@example.org', []], ['bob@example.org', ['Bob | bob@example.org']]] as const) {
      (on.get('input') as HTMLInputElement).select();
      await sendKeys({ type: typed });
      await waitUntil(() => choices().join() === expected.join(), `${typed}: ${choices().join()}`);
    }
  });

  it('says that contacts are on their way, which is not the same as none', async () => {
    await open();
    expect(say()).to.equal('Loading contacts…');
    chat.setContacts([]);
    await waitUntil(() => say() === 'Write the address of somebody, such as ana@example.org.');
  });

  it('says so when nobody goes by that name', async () => {
    await open([contact('Bob')]);
    await sendKeys({ type: 'no such person' });
    await waitUntil(() => say().startsWith('Nobody goes by this name.'));
  });

  it('is left by Escape and by its button', async () => {
    await open([]);
    await sendKeys({ press: 'Escape' });
    on.get('button').click();
    expect(heard).to.deep.equal(['cancel', 'cancel']);
  });
});

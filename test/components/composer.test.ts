import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import { ChatError } from '../../src/base/errors.js';
import { roomLeft } from '../../src/components/composer.js';
import type { Screen } from '../../src/components/screen.js';
import { MAX_TEXT_BYTES } from '../../src/model/conversation.js';
import { createFakeChat, type FakeChat, type FakeConversation } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

const ALICE = 'alice@example.org';

describe('composer', () => {
  let chat: FakeChat;
  let alice: FakeConversation;
  let on: Stage;

  const field = (): HTMLTextAreaElement => on.get('textarea') as HTMLTextAreaElement;
  const sent = (): readonly string[] => alice.asked.filter(line => line.startsWith('send '));
  const show = (conversation: FakeConversation) => (screen: Screen) => html`<stoa-composer .screen=${screen} .conversation=${conversation}></stoa-composer>`;
  const press = (key: string, more: KeyboardEventInit = {}): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...more });
    field().dispatchEvent(event);
    return event;
  };
  const type = (text: string): void => {
    field().value = text;
    field().dispatchEvent(new InputEvent('input', { bubbles: true }));
  };

  beforeEach(async () => {
    chat = createFakeChat();
    alice = chat.conversation(ALICE);
    on = stage(chat, show(alice));
    await waitUntil(() => on.root.querySelector('textarea'));
  });
  afterEach(() => on.remove());

  it('is a named field and a named button, sent by Enter and broken by Shift and Enter', async () => {
    await expect(on.host).to.be.accessible();
    expect(field().getAttribute('aria-label')).to.equal('Message to Alice');
    expect(on.get('.send').getAttribute('aria-label')).to.equal('Send');
    await sendKeys({ press: 'Tab' });
    expect(on.root.activeElement).to.equal(field());
    await sendKeys({ type: 'Hello' });
    expect(press('Enter', { shiftKey: true }).defaultPrevented).to.equal(false);
    expect(sent()).to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    expect(sent()).to.deep.equal(['send Hello']);
    await waitUntil(() => field().value === '', 'the field is not empty');
    expect(on.root.activeElement, 'focus stays').to.equal(field());
  });

  it('sends by the button and keeps the cursor in the field', () => {
    field().focus();
    type('Hello');
    const down = new PointerEvent('pointerdown', { bubbles: true, cancelable: true });
    on.get('.send').dispatchEvent(down);
    expect(down.defaultPrevented, 'the press takes the cursor').to.equal(true);
    on.get('.send').click();
    expect(sent()).to.deep.equal(['send Hello']);
    expect(on.root.activeElement).to.equal(field());
  });

  it('sends nothing that is empty', () => {
    type('  \n ');
    press('Enter');
    expect(sent()).to.deep.equal([]);
  });

  it('leaves Enter to an input method that composes', () => {
    type('にほん');
    expect(press('Enter', { isComposing: true }).defaultPrevented).to.equal(false);
    expect(press('Enter', { keyCode: 229 }).defaultPrevented).to.equal(false);
    expect(sent()).to.deep.equal([]);
    press('Enter');
    expect(sent()).to.deep.equal(['send にほん']);
  });

  it('keeps the Enter that it handles to itself, and lets other keys pass', () => {
    const heard: string[] = [];
    on.host.addEventListener('keydown', ({ key }) => heard.push(key));
    type('Hi');
    press('Enter');
    press('Escape');
    expect(heard).to.deep.equal(['Escape']);
  });

  it('breaks the line by Enter where fingers type', () => {
    const matchMedia = window.matchMedia.bind(window);
    window.matchMedia = query => (query === '(pointer: coarse)' ? ({ matches: true } as MediaQueryList) : matchMedia(query));
    try {
      type('Hello');
      expect(press('Enter').defaultPrevented).to.equal(false);
      expect(sent()).to.deep.equal([]);
    } finally {
      window.matchMedia = matchMedia;
    }
  });

  it('grows with its text from one line to six, then scrolls', async () => {
    const height = (): number => field().getBoundingClientRect().height;
    const one = height();
    type('1\n2\n3');
    await waitUntil(() => height() > one * 1.8, 'it does not grow');
    type(Array.from({ length: 40 }, (_, line) => line).join('\n'));
    await waitUntil(() => field().scrollHeight > field().clientHeight, 'it does not scroll');
    const line = parseFloat(getComputedStyle(field()).lineHeight);
    expect(height()).to.be.closeTo(6 * line + 20, 3);
    type('');
    await waitUntil(() => Math.abs(height() - one) < 1, 'it does not shrink again');
  });

  it('keeps a draft for each conversation', async () => {
    const bob = chat.conversation('bob@example.org', { title: 'Bob' });
    type('For Alice');
    on.draw(show(bob));
    await waitUntil(() => field().getAttribute('aria-label') === 'Message to Bob');
    expect(field().value).to.equal('');
    type('For Bob');
    on.draw(show(alice));
    await waitUntil(() => field().value === 'For Alice', 'the draft is lost');
    expect(bob.draft.value).to.equal('For Bob');
  });

  it('keeps a text that could not be stored, before what was typed since', async () => {
    alice.refuse(new ChatError('storage', 'failed', 'user'));
    type('Important');
    press('Enter');
    type('More');
    field().setSelectionRange(1, 3);
    await waitUntil(() => field().value === 'Important\nMore', 'the text is lost');
    expect(field().value.slice(field().selectionStart, field().selectionEnd), 'the cursor moves').to.equal('or');
    expect(on.get('[role="alert"]').textContent).to.contain('could not be stored');
    expect(chat.reports).to.have.length(1);
    type('Important');
    await waitUntil(() => on.root.querySelector('[role="alert"]') === null, 'the sentence stays');
  });

  it('names a text that is too long before it is sent', async () => {
    const long = 'x'.repeat(MAX_TEXT_BYTES + 300);
    type(long);
    press('Enter');
    await waitUntil(() => on.root.querySelector('[role="alert"]'));
    expect(on.get('[role="alert"]').textContent).to.contain('too long: shorten it by about 300 characters');
    expect(field().getAttribute('aria-invalid')).to.equal('true');
    expect(sent()).to.deep.equal([]);
    expect(field().value).to.equal(long);
    type('x'.repeat(MAX_TEXT_BYTES - 500));
    await waitUntil(() => on.get('.hint').textContent.includes('Room for about 500 characters'), 'the room that is left is not told');
  });

  it('counts the room in characters of the text at hand', () => {
    expect(roomLeft('x'.repeat(1000))).to.equal(undefined);
    expect(roomLeft('x'.repeat(MAX_TEXT_BYTES))).to.equal(0);
    expect(roomLeft('€'.repeat(MAX_TEXT_BYTES / 2))).to.equal(Math.floor(-MAX_TEXT_BYTES / 6));
  });

  it('tells that one types, and that one has stopped', () => {
    type('H');
    type('');
    expect(chat.typed).to.deep.equal([`${ALICE} text`, `${ALICE} empty`]);
  });

  it('says offline that a message will be sent later, and takes it', async () => {
    chat.setStatus({ name: 'offline', at: Date.now() + 60_000 });
    await waitUntil(() => field().placeholder === 'Will be sent when connected', 'it does not say so', { timeout: 4000 });
    expect(on.get('#composer-hint').textContent).to.contain('Will be sent when connected');
    expect(field().disabled).to.equal(false);
    type('Hello');
    press('Enter');
    expect(sent()).to.deep.equal(['send Hello']);
    chat.setStatus({ name: 'online' });
    await waitUntil(() => field().placeholder === 'Message', 'it still says so');
  });

  it('says that nothing is kept where nothing can be, also to who cannot see it', async () => {
    expect(on.get('.hint [role=status]').textContent).to.equal('');
    chat.setUnstored('storage-failed');
    await waitUntil(() => on.get('.hint [role=status]').textContent === 'Nothing can be stored on this device, so this conversation is gone when you close the page.');
    chat.setUnstored('storage-full');
    await waitUntil(() => on.get('.hint').textContent.includes('This device has no room left, so new messages are gone when you close the page. Free some space and reload it.'));
    await expect(on.host).to.be.accessible();
  });

  it('has no letters below 16 px where fingers type', async () => {
    on.remove();
    on = stage(chat, show(alice), { media: '(pointer: coarse)' });
    await waitUntil(() => on.root.querySelector('textarea'));
    expect(parseFloat(getComputedStyle(field()).fontSize)).to.be.at.least(16);
  });

  it('has borders where colours are forced', async () => {
    on.remove();
    on = stage(chat, show(alice), { media: '(forced-colors: active)' });
    await waitUntil(() => on.root.querySelector('.send'));
    for (const part of ['.field', '.send']) expect(parseFloat(getComputedStyle(on.get(part)).borderTopWidth)).to.be.at.least(1);
  });
});

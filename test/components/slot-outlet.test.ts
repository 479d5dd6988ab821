import { expect, waitUntil } from '@open-wc/testing';
import { html } from 'lit';
import { signal } from '../../src/base/signal.js';
import '../../src/components/contributions.js';
import '../../src/components/conversation-view.js';
import { banners, bodyRenderers, composerActions, headerActions, messageActions, messageDecorations } from '../../src/components/slots.js';
import type { ConversationPlace, UiContribution } from '../../src/components/slots.js';
import { createFakeChat, type FakeChat, type FakeConversation } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

const ALICE = 'alice@example.org';

/** An element that a plugin might bring, which falls over when it is given a bad value. */
class BadElement extends HTMLElement {
  set value(_: unknown) {
    throw new Error('a setter fell over');
  }
}
customElements.define('test-bad-element', BadElement);

describe('places for plugins', () => {
  let chat: FakeChat;
  let alice: FakeConversation;
  let on: Stage;

  beforeEach(async () => {
    chat = createFakeChat();
    alice = chat.conversation(ALICE);
    alice.receive('One');
    alice.write('Two');
    on = stage(chat, screen => html`<stoa-conversation-view .screen=${screen} .conversation=${alice}></stoa-conversation-view>`);
    await waitUntil(() => on.all('article').length === 2 && on.root.querySelector('textarea'));
  });
  afterEach(() => on.remove());

  const texts = (selector: string): readonly string[] => on.all(selector).map(({ textContent }) => textContent.trim());

  it('show what comes, in order, and let go of what goes', async () => {
    chat.registry.add(headerActions, { order: 2, render: () => html`<button class="probe">Second</button>` }, 'b');
    const away = chat.registry.add(headerActions, { order: 1, render: ({ conversation }) => html`<button class="probe">First ${conversation.id}</button>` }, 'a');
    await waitUntil(() => on.all('header .probe').length === 2, 'they do not appear');
    expect(texts('header .probe')).to.deep.equal([`First ${ALICE}`, 'Second']);
    await expect(on.host).to.be.accessible();
    void away();
    await waitUntil(() => on.all('header .probe').length === 1, 'it does not go');
  });

  it('are there for the composer, banners, decorations and bodies', async () => {
    chat.registry.add(composerActions, { render: () => html`<i class="probe">composer</i>` }, 'a');
    chat.registry.add(banners, { render: () => html`<i class="probe">banner</i>` }, 'a');
    chat.registry.add(messageDecorations, { when: ({ message }) => message.mine, render: ({ message }) => html`<i class="probe">under ${message.body}</i>` }, 'a');
    chat.registry.add(bodyRenderers, { when: ({ message }) => message.body === 'One', render: () => html`<i class="probe">picture</i>` }, 'a');
    await waitUntil(() => on.all('.probe').length === 4, 'not all appear');
    expect(texts('.probe')).to.have.members(['composer', 'banner', 'under Two', 'picture']);
    expect(texts('.text')).to.deep.equal(['Two']);
  });

  it('show the actions of a message when it has the reader’s attention', async () => {
    let pressed = '';
    chat.registry.add(messageActions, { render: ({ message }) => html`<button class="probe" @click=${() => void (pressed = message.id)}>Copy</button>` }, 'a');
    const article = on.get('article');
    expect(on.all('.probe')).to.have.length(0);
    article.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }));
    await waitUntil(() => article.querySelector('.probe'), 'it does not appear');
    on.get('.probe').click();
    expect(pressed).to.equal('m1');
  });

  it('watch the signals that a contribution reads', async () => {
    const shown = signal(false);
    const word = signal('one');
    chat.registry.add(messageDecorations, { when: () => shown.value, render: () => html`<i class="probe">${word.value}</i>` }, 'a');
    await waitUntil(() => on.all('stoa-outlet').length === 2);
    shown.value = true;
    await waitUntil(() => on.all('.probe').length === 2, '`when` is not watched');
    alice.receive('Three');
    await waitUntil(() => on.all('.probe').length === 3);
    word.value = 'two';
    await waitUntil(() => texts('.probe').every(text => text === 'two'), '`render` is not watched');
    shown.value = false;
    await waitUntil(() => on.all('.probe').length === 0, '`when` is not watched any more');
  });

  const ways: readonly (readonly [string, UiContribution<ConversationPlace>])[] = [
    ['render', { render: () => { throw new Error('render fell over'); } }],
    ['when', { when: () => { throw new Error('when fell over'); }, render: () => html`<i class="probe">bad</i>` }],
    ['the putting of what it renders into the page', { render: () => html`<test-bad-element .value=${1}></test-bad-element>` }],
  ];
  for (const [where, bad] of ways) {
    it(`report one that throws in ${where} once, under its own name, and go on without it`, async () => {
      chat.registry.add(headerActions, bad, 'bad-plugin');
      chat.registry.add(headerActions, { render: () => html`<i class="probe">good</i>` }, 'good-plugin');
      await waitUntil(() => chat.reports.length > 0 && on.all('header .probe').length === 1, 'it is not reported');
      await waitUntil(() => on.all('header stoa-contribution').length === 1, 'it is not set aside');
      chat.typing(ALICE, [ALICE]);
      alice.receive('Three');
      await waitUntil(() => on.all('article').length === 3, 'the rest does not go on');
      expect(chat.reports.map(({ owner }) => owner)).to.deep.equal(['bad-plugin']);
      expect(texts('header .probe')).to.deep.equal(['good']);
    });
  }

  it('fall back to the text when the drawing of a body throws, in every message', async () => {
    chat.registry.add(bodyRenderers, { render: () => { throw new Error('no picture'); } }, 'bad-plugin');
    await waitUntil(() => chat.reports.length > 0);
    await waitUntil(() => texts('.text').join() === 'One,Two', 'the text is lost');
    expect(chat.reports).to.have.length(1);
  });

  it('survive one that throws only later', async () => {
    const bad = signal(false);
    chat.registry.add(banners, { render: () => { if (bad.value) throw new Error('too late'); return html`<i class="probe">fine</i>`; } }, 'late-plugin');
    await waitUntil(() => on.all('.probe').length === 1);
    bad.value = true;
    await waitUntil(() => on.all('.probe').length === 0 && chat.reports.length === 1, 'it is not set aside');
    expect(on.all('article')).to.have.length(2);
  });
});

import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { definePlugin, type PluginState } from '../../src/app/plugin.js';
import { ChatError } from '../../src/base/errors.js';
import { signal } from '../../src/base/signal.js';
import type { StoaChatElement } from '../../src/components/chat-element.js';
import type { Part } from '../../src/components/part.js';
import { createLauncher } from '../../src/page-door/launcher.js';
import { addElement, defineFakeElement, focused, GOOD, inside } from '../support/fake-element.js';

const shop = defineFakeElement();
const { made, entries } = shop;

const launcher = (element: Element): HTMLButtonElement => inside(element, '[part=launcher]') as HTMLButtonElement;
const panel = (element: Element): HTMLElement => inside(element, '#panel');
const shows = (element: Element, selector: string): Promise<void> => waitUntil(() => element.shadowRoot?.querySelector(selector), `“${selector}” does not appear`);
const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;
/** Settles when nothing moves any more. */
const still = async (element: Element): Promise<void> => {
  const ending = element.shadowRoot?.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity) ?? [];
  await Promise.all(ending.map(({ finished }) => finished));
};
/** Settles when what was asked for in microtasks has been done. */
const settled = async (element: StoaChatElement): Promise<void> => {
  await Promise.resolve();
  await element.updateComplete;
};

describe('the element', () => {
  let elements: StoaChatElement[] = [];
  const add: typeof addElement = (...given) => {
    const element = addElement(...given);
    elements.push(element);
    return element;
  };
  /** A bubble with its button, which it loads where no tag has drawn it. */
  const bubble = async (options?: Readonly<Record<string, string>>): Promise<StoaChatElement> => {
    const element = add(options);
    await shows(element, '[part=launcher]');
    await settled(element);
    return element;
  };
  const open = async (element?: StoaChatElement): Promise<StoaChatElement> => {
    element ??= await bubble();
    launcher(element).click();
    await shows(element, 'textarea');
    await still(element);
    return element;
  };

  afterEach(async () => {
    await Promise.all(elements.map(element => element.destroy()));
    elements = [];
    (made as unknown[]).length = 0;
    (entries as unknown[]).length = 0;
    shop.prepare(() => undefined);
    shop.refuse(undefined);
  });

  describe('as a bubble', () => {
    it('is a button until somebody clicks on it', async () => {
      const element = await bubble();
      expect(isShown(launcher(element))).to.equal(true);
      expect(isShown(panel(element))).to.equal(false);
      expect(made).to.have.length(0);
      expect(element.isOpen).to.equal(false);
      await expect(element).to.be.accessible();
    });

    it('takes over the button that the tag has drawn, which keeps its focus', async () => {
      const element = document.createElement('stoa-chat');
      for (const [name, value] of Object.entries(GOOD)) element.setAttribute(name, value);
      elements.push(element);
      const { button } = createLauncher(element.attachShadow({ mode: 'open' }));
      document.body.append(element);
      button.focus();
      await settled(element);
      expect(element.shadowRoot?.querySelectorAll('[part=launcher]')).to.have.length(1);
      expect(launcher(element) === button && focused(element) === button).to.equal(true);
      expect(getComputedStyle(button).backgroundColor).to.equal('rgb(59, 91, 219)');
      expect(element.shadowRoot?.lastElementChild === button.parentElement, 'it comes last in the order of the Tab key').to.equal(true);
      button.click();
      await shows(element, 'textarea');
    });

    it('opens into the field, and Escape leads back to the button', async () => {
      const element = await open();
      await waitUntil(() => focused(element)?.localName === 'textarea');
      expect(launcher(element).ariaExpanded).to.equal('true');
      expect(panel(element).getAttribute('role')).to.equal('dialog');
      await expect(element).to.be.accessible();
      await sendKeys({ press: 'Escape' });
      await waitUntil(() => focused(element) === launcher(element));
      expect(isShown(panel(element))).to.equal(false);
      expect(launcher(element).ariaExpanded).to.equal('false');
      expect(element.isOpen).to.equal(false);
    });

    it('keeps the Escape that it handled from the page, and lets other keys pass', async () => {
      const heard: string[] = [];
      const hear = ({ key }: KeyboardEvent): void => void heard.push(key);
      document.addEventListener('keydown', hear);
      await open();
      await sendKeys({ press: 'a' });
      await sendKeys({ press: 'Escape' });
      document.removeEventListener('keydown', hear);
      expect(heard).to.deep.equal(['a']);
    });

    it('closes by its minimise button', async () => {
      const element = await open();
      inside(element, '.minimise').click();
      await waitUntil(() => !element.isOpen && focused(element) === launcher(element));
    });

    it('keeps its chat and what is in it while it is closed', async () => {
      const element = await open();
      const view = inside(element, 'stoa-conversation-view');
      element.close();
      await settled(element);
      element.open();
      await settled(element);
      expect(inside(element, 'stoa-conversation-view') === view).to.equal(true);
      expect(made).to.have.length(1);
    });

    it('counts on its button what arrives while it is closed', async () => {
      const element = await open();
      element.close();
      await settled(element);
      made[0]?.chat.conversation('alice@example.org').receive('Are you there?');
      await waitUntil(() => inside(element, '.badge').textContent === '1');
      expect(launcher(element).ariaLabel).to.equal('Open chat, 1 unread');
      expect(element.unread).to.equal(1);
      element.open();
      await waitUntil(() => inside(element, '.badge').textContent === '');
    });

    it('shifts nothing in the page', async () => {
      const before = document.documentElement.scrollHeight;
      const element = await open();
      expect(document.documentElement.scrollHeight).to.equal(before);
      expect(element.getBoundingClientRect().height).to.equal(0);
    });

    it('does not take focus when the page opens it from the start', async () => {
      const element = add({ ...GOOD, open: '' });
      await shows(element, 'textarea');
      await settled(element);
      expect(document.activeElement === document.body).to.equal(true);
    });

    it('leaves focus with whoever went elsewhere before the chat was there', async () => {
      const field = document.createElement('input');
      document.body.append(field);
      shop.prepare(chat => chat.setSignIn('signing-in'));
      const element = await bubble();
      launcher(element).click();
      await waitUntil(() => focused(element) === panel(element));
      field.focus();
      made[0]?.chat.setSignIn('in');
      await shows(element, 'textarea');
      await settled(element);
      expect(document.activeElement === field).to.equal(true);
      field.remove();
    });

    it('says its events to the page, with undo', async () => {
      const element = await bubble();
      const heard: string[] = [];
      const off = element.on('open', () => heard.push('open'));
      document.body.addEventListener('stoa-message-sent', event => heard.push((event as CustomEvent<{ body: string }>).detail.body), { once: true });
      await open(element);
      element.close();
      await settled(element);
      off();
      element.open();
      await settled(element);
      made[0]?.chat.conversation('alice@example.org').write('Hello');
      expect(heard).to.deep.equal(['open', 'Hello']);
    });

    it('shows a number of the page’s choice in the label, which goes first in its name', async () => {
      const element = await bubble({ ...GOOD, label: 'Ask us' });
      expect(launcher(element).textContent).to.equal('Ask us');
      expect(launcher(element).ariaLabel).to.equal('Ask us: Open chat');
    });
  });

  describe('on a phone', () => {
    before(async function () {
      await setViewport({ width: 390, height: 700 });
      // The window of WebKitGTK's own browser cannot be made that narrow.
      if (innerWidth > 390) this.skip();
    });
    after(() => setViewport({ width: 800, height: 600 }));

    it('fills the screen, holds the page still, and gives both back', async () => {
      const element = await open();
      const { width, height } = panel(element).getBoundingClientRect();
      expect([width, height]).to.deep.equal([390, 700]);
      expect(panel(element).ariaModal).to.equal('true');
      expect(getComputedStyle(document.documentElement).overflow).to.equal('hidden');
      // On the title, so that the keyboard stays down.
      await waitUntil(() => focused(element)?.localName === 'h2');
      expect(isShown(launcher(element)) && getComputedStyle(launcher(element)).visibility).to.equal('hidden');
      await sendKeys({ press: 'Escape' });
      await waitUntil(() => focused(element) === launcher(element));
      expect(getComputedStyle(document.documentElement).overflow).to.equal('visible');
      expect(document.adoptedStyleSheets).to.have.length(0);
    });

    it('keeps the Tab key inside', async () => {
      const field = document.createElement('input');
      document.body.append(field);
      const element = await open();
      await waitUntil(() => focused(element)?.localName === 'h2');
      const stops: (string | null | undefined)[] = [];
      const press = async (): Promise<void> => {
        await sendKeys({ press: 'Tab' });
        stops.push(focused(element)?.getAttribute('aria-label'));
      };
      for (let count = 0; count < 4; count += 1) await press();
      await sendKeys({ down: 'Shift' });
      await press();
      await sendKeys({ up: 'Shift' });
      expect(stops).to.deep.equal(['Minimise', 'Message to Alice', 'Send', 'Minimise', 'Send']);
      field.remove();
    });

    it('takes its hold off the page also when it is torn out', async () => {
      const element = await open();
      element.remove();
      expect(document.adoptedStyleSheets).to.have.length(0);
    });
  });

  describe('in a box', () => {
    it('shows its conversation at once and fills the box, also a small one', async () => {
      const box = document.createElement('div');
      box.style.width = '280px';
      box.style.height = '420px';
      document.body.append(box);
      const element = add({ ...GOOD, mode: 'inline' }, box);
      await shows(element, 'textarea');
      expect(element.shadowRoot?.querySelector('[part=launcher]') === null).to.equal(true);
      const { width, height } = element.getBoundingClientRect();
      expect([width, height]).to.deep.equal([280, 420]);
      expect(inside(element, '#panel').scrollWidth).to.be.at.most(280);
      expect(element.isOpen).to.equal(true);
      expect(document.activeElement === document.body).to.equal(true);
      await expect(element).to.be.accessible();
      box.remove();
    });

    it('asks for a password where guests are not let in', async () => {
      shop.prepare(chat => chat.setSignIn('out'));
      const element = add({ ...GOOD, mode: 'inline', auth: 'password' });
      await shows(element, 'stoa-login form');
      await expect(element).to.be.accessible();
    });
  });

  describe('its options', () => {
    it('are told in a sentence on it and in the console when they are wrong', async () => {
      const element = await bubble({ to: 'nonsense at all', service: GOOD.service });
      launcher(element).click();
      await waitUntil(() => isShown(panel(element)));
      await still(element);
      expect(inside(element, '.problem').textContent).to.contain('The option “to” is “nonsense at all”: an address such as support@example.org is needed.');
      expect(entries.map(({ text }) => text)).to.deep.equal(['The option “to” is “nonsense at all”: an address such as support@example.org is needed.']);
      expect(made).to.have.length(0);
      await expect(element).to.be.accessible();
    });

    it('start the chat once they are right', async () => {
      const element = add({ mode: 'inline' });
      await shows(element, '.problem');
      element.to = GOOD.to;
      element.service = GOOD.service;
      await shows(element, 'textarea');
      expect(element.shadowRoot?.querySelector('.problem') === null).to.equal(true);
    });

    it('make another chat when they are other ones, after the last has ended', async () => {
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, 'textarea');
      element.to = 'bob@example.org';
      element.domain = 'example.net';
      await waitUntil(() => made.length === 2);
      expect(made[0]?.life).to.deep.equal(['begun', 'ended', 'released']);
      expect(made[1]?.input).to.deep.include({ to: 'bob@example.org', domain: 'example.net' });
      await waitUntil(() => inside(element, 'stoa-conversation-view').getAttribute('hidden') === null);
    });

    it('change nothing when they are set to what they are, or only for a moment', async () => {
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, 'textarea');
      element.to = GOOD.to;
      element.service = 'wss://example.org/other';
      element.service = [GOOD.service];
      await settled(element);
      await settled(element);
      expect(made).to.have.length(1);
      expect(made[0]?.life).to.deep.equal(['begun']);
    });

    it('theme, label, language and mode change without another chat', async () => {
      const element = await open();
      element.theme = 'dark';
      element.label = 'Ask';
      element.locale = 'ar';
      await waitUntil(() => panel(element).dir === 'rtl');
      expect(getComputedStyle(panel(element)).backgroundColor).to.equal('rgb(22, 24, 29)');
      expect(launcher(element).textContent).to.equal('Ask');
      element.mode = 'inline';
      await waitUntil(() => panel(element).classList.contains('in-inline'));
      expect(isShown(launcher(element))).to.equal(false);
      expect(made).to.have.length(1);
      expect(made[0]?.life).to.deep.equal(['begun']);
    });

    it('takes a function that gives tokens as a property, also one that was set early, and calls the one it has now', async () => {
      const its = document.createElement('stoa-chat');
      const first = (): Promise<string> => Promise.resolve('first');
      Object.defineProperty(its, 'token', { value: first, configurable: true, writable: true, enumerable: true });
      for (const [name, value] of Object.entries({ ...GOOD, mode: 'inline', auth: 'token' })) its.setAttribute(name, value);
      document.body.append(its);
      elements.push(its);
      await shows(its, 'textarea');
      const given = made.at(-1)?.input.token;
      expect(its.token === first && typeof given === 'function' && (await given())).to.equal('first');
      its.token = () => Promise.resolve('second');
      await settled(its);
      expect(typeof given === 'function' && (await given())).to.equal('second');
      expect([made.length, its.getAttribute('token')]).to.deep.equal([1, null]);
      its.token = null;
      await shows(its, '.problem');
      expect(inside(its, '.problem').textContent).to.contain('The option “token” is missing: a function');
    });

    it('may be properties, set before the element has its definition', async () => {
      const early = document.createElement('stoa-chat');
      // What a property set too early leaves behind: an own property in front of the class's.
      Object.defineProperty(early, 'to', { value: GOOD.to, configurable: true, writable: true, enumerable: true });
      early.service = GOOD.service;
      early.mode = 'inline';
      document.body.append(early);
      elements.push(early);
      await shows(early, 'textarea');
      expect(made[0]?.input.to).to.equal(GOOD.to);
    });

    it('stop a chat that is told nothing any more', async () => {
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, 'textarea');
      element.to = null;
      await shows(element, '.problem');
      await waitUntil(() => made[0]?.life.at(-1) === 'released');
    });
  });

  describe('its life', () => {
    it('goes on while it is moved', async () => {
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, 'textarea');
      const other = document.createElement('section');
      document.body.append(other);
      const view = inside(element, 'stoa-conversation-view');
      other.append(element);
      await settled(element);
      // Ending would take a turn.
      await new Promise(resolve => setTimeout(resolve));
      expect(made.map(({ life }) => life)).to.deep.equal([['begun']]);
      expect(inside(element, 'stoa-conversation-view') === view).to.equal(true);
      await element.destroy();
      other.remove();
    });

    it('ends a little after it has left the page, and begins anew when it comes back', async () => {
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, 'textarea');
      element.remove();
      expect(made[0]?.life).to.deep.equal(['begun']);
      await waitUntil(() => made[0]?.life.at(-1) === 'released', 'it does not end', { timeout: 4_000 });
      document.body.append(element);
      await waitUntil(() => made.length === 2);
      await shows(element, 'textarea');
    });

    it('ends at once by destroy, for good', async () => {
      const element = await open();
      await element.destroy();
      expect(element.isConnected).to.equal(false);
      expect(made[0]?.life).to.deep.equal(['begun', 'ended', 'released']);
      document.body.append(element);
      await settled(element);
      expect(made).to.have.length(1);
      element.remove();
    });

    it('says when it cannot start, and tries again when asked to', async () => {
      shop.refuse(new ChatError('storage', 'failed', 'user'));
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, '.problem button');
      expect(inside(element, '.problem p').textContent).to.equal('Nothing can be stored on this device, so this conversation is gone when you close the page.');
      shop.refuse(undefined);
      inside(element, '.problem button').click();
      await shows(element, 'textarea');
    });

    it('offers to reload the page when a part of it cannot be loaded', async () => {
      shop.refuse(new ChatError('chunk', 'chunk-not-loaded', 'user'));
      const element = add({ ...GOOD, mode: 'inline' });
      await shows(element, '.problem button');
      expect(inside(element, '.problem p').textContent).to.equal('A part of the chat could not be loaded. Probably the server was upgraded meanwhile.');
      expect(inside(element, '.problem button').textContent.trim()).to.equal('Reload the page');
      shop.refuse(undefined);
    });

    it('goes on when a part of it cannot be drawn, and that is logged', async () => {
      const element = await bubble();
      element.open();
      await shows(element, 'stoa-composer');
      const before = entries.length;
      const header: HTMLElement & Partial<Pick<Part, 'requestUpdate' | 'updateComplete'>> = inside(element, 'stoa-conversation-header');
      Object.defineProperty(header, 'conversation', {
        get: () => {
          throw new Error('A drawing that fails.');
        },
      });
      header.requestUpdate?.();
      await header.updateComplete;
      expect(entries.slice(before).map(({ level, text }) => `${level}: ${text}`)).to.deep.equal(['error: A drawing that fails.']);
    });

    it('is not shared: two elements have two chats', async () => {
      const one = add({ ...GOOD, mode: 'inline' });
      const two = add({ ...GOOD, to: 'bob@example.org', mode: 'inline' });
      await shows(one, 'textarea');
      await shows(two, 'textarea');
      expect(made.map(({ input }) => input.to)).to.deep.equal(['alice@example.org', 'bob@example.org']);
      expect(made[0]?.chat === made[1]?.chat).to.equal(false);
    });
  });

  describe('its plugins', () => {
    const plugin = definePlugin({ id: 'hello', setup: () => undefined });

    it('wait for the chat, and are in every one that follows', async () => {
      const element = await bubble();
      const fate = element.plugins.add(plugin);
      await open(element);
      expect(made[0]?.plugins).to.deep.equal([plugin]);
      element.to = 'bob@example.org';
      await waitUntil(() => made.length === 2);
      expect(made[1]?.plugins).to.deep.equal([plugin]);
      await element.destroy();
      expect((await fate).name).to.equal('disposed');
    });

    it('join a chat that runs', async () => {
      const element = await open();
      expect(await element.plugins.add(plugin)).to.deep.equal({ name: 'active' });
    });

    it('are told of when somebody has signed in, not before', async () => {
      const states = signal<ReadonlyMap<string, PluginState>>(new Map());
      shop.prepare(chat => Object.assign(chat, { plugins: { states, add: () => Promise.resolve({ name: 'known' }), remove: () => Promise.resolve() } }));
      const element = await open();
      let told: PluginState | undefined;
      const fate = element.plugins.add(plugin).then(state => (told = state));
      await settled(element);
      expect(told).to.equal(undefined);
      states.value = new Map([['hello', { name: 'active' }]]);
      expect(await fate).to.deep.equal({ name: 'active' });
      shop.prepare(() => undefined);
    });
  });
});

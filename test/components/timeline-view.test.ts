import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import type { Screen } from '../../src/components/screen.js';
import '../../src/components/timeline-view.js';
import type { DeliveryState } from '../../src/entities/message.js';
import { createFakeChat, type FakeChat, type FakeConversation } from '../support/fake-chat.js';
import { stage, type Stage, type StageSize } from '../support/stage.js';

const ALICE = 'alice@example.org';
const DAY = 86_400_000;

describe('timeline', () => {
  let chat: FakeChat;
  let alice: FakeConversation;
  let on: Stage;

  const log = (): HTMLElement => on.get('.log');
  const below = (): number => log().scrollHeight - log().clientHeight - log().scrollTop;
  const texts = (): readonly string[] => on.all('article .text').map(({ textContent }) => textContent.trim());
  const message = (id: string): HTMLElement => on.get(`article[data-id="${id}"]`);
  const top = (id: string): number => message(id).getBoundingClientRect().top;
  /** Id of the message that is cut by, or just below, the upper edge. */
  const atTop = (): string => {
    const edge = log().getBoundingClientRect().top;
    return on.all('article').find(article => article.getBoundingClientRect().bottom > edge)?.dataset['id'] ?? '';
  };
  const drawn = (): Promise<void> => waitUntil(() => on.root.querySelector('article'), 'no message was drawn');
  const pill = (): HTMLElement | null => on.root.querySelector('.pill');
  const focused = (): string | undefined => (on.root.activeElement as HTMLElement | null)?.dataset['id'];
  /** As a reader does: by a wheel, so that nobody takes it for a move of the browser's own. */
  const scrollTo = async (where: number): Promise<void> => {
    log().dispatchEvent(new WheelEvent('wheel'));
    const done = new Promise(resolve => log().addEventListener('scroll', resolve, { once: true }));
    log().scrollTop = where;
    await done;
  };

  const show = (conversation: FakeConversation) => (screen: Screen) => html`<stoa-timeline-view .screen=${screen} .conversation=${conversation}></stoa-timeline-view>`;
  const open = (given: Parameters<FakeChat['conversation']>[1] = {}, size?: StageSize): void => {
    chat = createFakeChat();
    alice = chat.conversation(ALICE, given);
    on = stage(chat, show(alice), size);
  };

  afterEach(() => on.remove());

  it('is one stop of the Tab key, walked by arrows, Home and End, and sound to a machine', async () => {
    open({ history: 20 });
    await drawn();
    expect(texts()).to.have.length(20);
    await expect(on.host).to.be.accessible();
    expect(log().getAttribute('role')).to.equal('log');
    expect(log().getAttribute('aria-live')).to.equal('off');
    await sendKeys({ press: 'Tab' });
    expect(focused()).to.equal('m20');
    for (const [key, id] of [['ArrowUp', 'm19'], ['ArrowUp', 'm18'], ['ArrowDown', 'm19'], ['Home', 'm1'], ['End', 'm20']] as const) {
      await sendKeys({ press: key });
      await waitUntil(() => focused() === id, `${key} did not lead to ${id}`);
    }
    const after = document.createElement('button');
    on.host.after(after);
    await sendKeys({ press: 'Tab' });
    expect(document.activeElement).to.equal(after);
    after.remove();
  });

  it('keeps the keys that it handles to itself', async () => {
    open({ history: 3 });
    await drawn();
    const heard: string[] = [];
    on.host.addEventListener('keydown', ({ key }) => heard.push(key));
    message('m2').focus();
    await sendKeys({ press: 'ArrowUp' });
    await sendKeys({ press: 'x' });
    expect(heard).to.deep.equal(['x']);
  });

  it('names who wrote, when, and how far it got, for each message', async () => {
    open();
    alice.receive('Hello', { time: new Date(2024, 4, 3, 14, 5).getTime() });
    alice.write('Hi', { state: 'delivered', time: new Date(2024, 4, 3, 14, 6).getTime() });
    await drawn();
    const label = (id: string): string =>
      (message(id).getAttribute('aria-labelledby') ?? '')
        .split(' ')
        .map(name => on.root.getElementById(name)?.textContent.replace(/\s+/gu, ' ').trim())
        .join(' | ');
    expect(label('m1')).to.equal('Alice | Hello | 14:05');
    expect(label('m2')).to.equal('You | Hi | 14:06 Delivered');
    expect(message('m1').querySelector('time')?.dateTime).to.equal(new Date(2024, 4, 3, 14, 5).toISOString());
  });

  it('draws a shape of its own and a word for each step of an own message', async () => {
    open();
    const steps: readonly DeliveryState[] = ['queued', 'sent', 'delivered', 'read'];
    for (const state of steps) alice.write(state, { state, time: Date.now() - DAY * (steps.length - steps.indexOf(state)) });
    await drawn();
    const ticks = on.all('.tick');
    expect(ticks.map(({ textContent }) => textContent.trim())).to.deep.equal(['Waiting to be sent', 'Sent', 'Delivered', 'Read']);
    expect(new Set(ticks.map(tick => tick.querySelector('svg')?.innerHTML)).size).to.equal(4);
    expect(ticks.map(tick => tick.querySelector('.hidden-text') === null), 'only “Read” is written out').to.deep.equal([false, false, false, true]);
  });

  it('says why a message failed and offers to try again or delete it', async () => {
    open();
    const { id } = alice.write('Hello?', { state: 'failed', error: { code: 'remote-server-not-found' } });
    await drawn();
    expect(message(id).textContent).to.contain('the other server was not found').and.to.contain('Hello?');
    on.get('[data-act="retry"]').click();
    await waitUntil(() => on.root.querySelector('.tick.queued'), 'it is not queued again');
    expect(alice.asked).to.include(`retry ${id}`);
    alice.change(id, { state: 'failed' });
    await waitUntil(() => on.root.querySelector('[data-act="discard"]'));
    on.get('[data-act="discard"]').click();
    await waitUntil(() => on.all('article').length === 0, 'it is still there');
  });

  it('finds a general sentence for an error that it does not know', async () => {
    open();
    alice.write('Hello?', { state: 'failed', error: { code: 'constructor', text: '<b>no</b>' } });
    await drawn();
    expect(on.get('.trouble').textContent).to.contain('This could not be delivered.');
    expect(on.root.querySelector('.trouble b')).to.equal(null);
  });

  it('tells a message of unknown fate apart, and sends it again only when asked', async () => {
    open();
    const { id } = alice.write('Hello?', { state: 'unconfirmed' });
    await drawn();
    expect(on.get('.trouble').textContent).to.contain('The connection broke while this was being sent').and.to.contain('Send again').and.to.contain('Delete');
    expect(alice.asked).to.not.include(`retry ${id}`);
    on.get('[data-act="retry"]').click();
    expect(alice.asked).to.include(`retry ${id}`);
  });

  it('draws text of the network as text', async () => {
    open();
    const evil = ['<img src=x onerror="window.evil=1">', 'javascript:alert(1) and data:text/html,x', '${evil} {{evil}} &lt;b&gt;', 'https://bank.example@evil.example/', 'a\u0000b\uFFFEc'];
    for (const body of evil) alice.receive(body);
    await drawn();
    expect(texts()).to.deep.equal(evil);
    expect(on.root.querySelector('article img, article a, article b')).to.equal(null);
    expect(Object.hasOwn(window, 'evil')).to.equal(false);
  });

  it('makes links of what may be followed, in a new page that knows nothing of this one', async () => {
    open();
    alice.receive('See https://example.org/a_(b)?c=d#e, or xmpp:alice@example.org.');
    await drawn();
    const links = on.all('article a') as readonly HTMLAnchorElement[];
    expect(links.map(({ textContent }) => textContent)).to.deep.equal(['https://example.org/a_(b)?c=d#e', 'xmpp:alice@example.org']);
    expect(links.map(({ rel, target }) => `${rel} ${target}`)).to.deep.equal(['noopener noreferrer _blank', 'noopener noreferrer _blank']);
  });

  it('cuts a text of 60 kB until somebody asks for all of it', async () => {
    open();
    const body = 'All work and no play. '.repeat(2800);
    alice.receive(body);
    await drawn();
    expect(on.get('.text').textContent.length).to.be.lessThan(2100);
    on.get('[data-act="expand"]').click();
    await waitUntil(() => on.get('.text').textContent === body, 'not all of it is shown');
    expect(message('m1').scrollWidth).to.be.at.most(400);
  });

  it('says that a message cannot be read, and keeps its place', async () => {
    open();
    alice.receive(null);
    await drawn();
    expect(on.get('.unreadable').textContent).to.contain('This message cannot be read.');
  });

  it('draws one to three emoji large and without a bubble', async () => {
    open();
    for (const body of ['🎉', '👍🏽 👩‍👩‍👧 🇵🇹', '🎉🎉🎉🎉', 'ok 🎉', '123']) alice.receive(body);
    await drawn();
    expect(on.all('.bubble').map(({ classList }) => classList.contains('emoji'))).to.deep.equal([true, true, false, false, false]);
  });

  it('shows the tricks in the name of a sender, and draws it apart from what is around it', async () => {
    open();
    alice.receive('Hi', { sender: 'room@rooms.example.org/\u202Enimda\u200B<b>' });
    await drawn();
    expect(on.get('.sender bdi').textContent).to.equal('▯nimda▯<b>');
  });

  it('puts messages of a sender together, with the time under the last', async () => {
    open();
    const now = new Date(2024, 4, 3, 12).getTime();
    for (const minutes of [20, 18, 4, 3]) alice.receive(`${minutes}`, { time: now - minutes * 60_000 });
    await drawn();
    expect(on.all('article').map(article => [article.matches('.first'), article.querySelector('time') !== null])).to.deep.equal([[true, false], [false, true], [true, false], [false, true]]);
  });

  it('puts days apart', async () => {
    open();
    for (const days of [400, 1, 0]) alice.receive('Hi', { time: Date.now() - days * DAY });
    await drawn();
    expect(on.all('.day').map(({ textContent }) => textContent.trim()).slice(1)).to.deep.equal(['Yesterday', 'Today']);
  });

  it('draws its skeleton only when the store is slow, and never an empty conversation instead', async () => {
    chat = createFakeChat();
    alice = chat.conversation(ALICE);
    const release = alice.hold();
    on = stage(chat, show(alice));
    await waitUntil(() => on.root.querySelector('.log'));
    expect(on.root.querySelector('.skeleton, .nothing-yet')).to.equal(null);
    await waitUntil(() => on.root.querySelector('.skeleton'), 'no skeleton');
    expect(on.root.querySelector('.nothing-yet')).to.equal(null);
    release();
    await waitUntil(() => on.root.querySelector('.nothing-yet'), 'it does not say that it is empty');
    expect(on.root.querySelector('.skeleton')).to.equal(null);
  });

  it('shows who is typing without moving anything', async () => {
    open({ history: 40 });
    await drawn();
    const height = log().scrollHeight;
    chat.typing(ALICE, [ALICE]);
    await waitUntil(() => on.root.querySelector('.dots'), 'no dots');
    expect(on.get('.dots').textContent).to.contain('Alice is typing');
    expect(log().scrollHeight).to.equal(height);
  });

  it('says the word instead of the dots where nothing may move', async () => {
    open({ history: 1 }, { media: '(prefers-reduced-motion: reduce)' });
    await drawn();
    chat.typing(ALICE, [ALICE]);
    await waitUntil(() => on.root.querySelector('.dots'));
    expect(getComputedStyle(on.get('.dots i')).display).to.equal('none');
    expect(getComputedStyle(on.get('.dots .word')).display).to.not.equal('none');
  });

  describe('scrolling', () => {
    it('starts at the end and stays there with what comes', async () => {
      open({ history: 60 });
      await drawn();
      await waitUntil(() => below() < 1, 'it is not at the end');
      alice.receive('One');
      alice.receiveAll(Array.from({ length: 50 }, (_, index) => `Two ${index}`));
      await waitUntil(() => texts().at(-1) === 'Two 49' && below() < 1, 'the newest is not in sight');
      expect(pill()).to.equal(null);
    });

    it('never moves what is read further up, and counts what came', async () => {
      open({ history: 60 });
      await drawn();
      await scrollTo(log().scrollHeight / 2);
      const id = atTop();
      const before = top(id);
      alice.receive('One');
      alice.receive('Two');
      await waitUntil(() => pill()?.textContent.includes('2 new'), 'nothing says that there is more');
      expect(top(id)).to.be.closeTo(before, 1);
      pill()?.click();
      await waitUntil(() => below() < 1, 'the pill does not lead to the end');
      await waitUntil(() => pill() === null);
      await waitUntil(() => alice.unread.value.kind === 'exact' && alice.unread.value.count === 0, 'it is not read');
    });

    it('lets go of the end when the reader moves up by a little', async () => {
      open({ history: 60 });
      await drawn();
      await scrollTo(log().scrollTop - 6);
      const id = atTop();
      const before = top(id);
      alice.receive('One');
      await waitUntil(() => texts().at(-1) === 'One');
      expect(top(id)).to.be.closeTo(before, 1);
    });

    it('lets the reader leave in the middle of a burst', async () => {
      open({ history: 60 });
      await drawn();
      await waitUntil(() => below() < 1);
      log().dispatchEvent(new WheelEvent('wheel', { deltaY: -100 }));
      const scrolled = new Promise(resolve => log().addEventListener('scroll', resolve, { once: true }));
      alice.receiveAll(Array.from({ length: 50 }, (_, index) => `Burst ${index}`));
      log().scrollTop -= 100;
      await waitUntil(() => texts().at(-1) === 'Burst 49');
      await scrolled;
      const id = atTop();
      const before = top(id);
      alice.receive('One');
      await waitUntil(() => texts().at(-1) === 'One');
      expect(top(id)).to.be.closeTo(before, 1);
      expect(pill()?.textContent).to.contain('51 new');
    });

    it('keeps the reader’s place when older messages come in above', async () => {
      open({ history: 250 });
      await drawn();
      const count = on.all('article').length;
      const release = alice.hold();
      await scrollTo(300);
      const id = atTop();
      const before = top(id);
      release();
      await waitUntil(() => on.all('article').length > count, 'nothing older was read');
      expect(top(id)).to.be.closeTo(before, 1);
    });

    it('reads all of a long history with at most 300 messages in the page, and back again', async () => {
      open({ history: 1000 });
      await drawn();
      let most = 0;
      const walk = async (there: () => boolean, where: () => number): Promise<void> => {
        await waitUntil(
          () => {
            most = Math.max(most, on.all('article').length);
            log().scrollTop = where();
            return there();
          },
          'the end was never reached',
          { timeout: 9000, interval: 20 },
        );
      };
      await walk(() => texts()[0] === 'Message 1', () => 0);
      expect(on.root.querySelector('.older')).to.equal(null);
      await walk(() => texts().at(-1) === 'Message 1000' && below() < 1, () => log().scrollHeight);
      expect(most).to.be.within(200, 300);
    });

    it('goes to the newest message when one walks by End from far above', async () => {
      open({ history: 700 });
      await drawn();
      await waitUntil(() => {
        log().scrollTop = 0;
        return texts()[0] === 'Message 1';
      }, 'the beginning was never reached', { timeout: 9000, interval: 20 });
      message('m3').focus();
      await sendKeys({ press: 'End' });
      await waitUntil(() => focused() === 'm700' && below() < 1, 'End did not lead to the newest');
    });

    it('takes in a burst of 2,000 in batches, shows the newest and keeps 300', async () => {
      open({ history: 10 });
      await drawn();
      for (let batch = 0; batch < 10; batch += 1) {
        alice.receiveAll(Array.from({ length: 200 }, (_, index) => `Burst ${batch * 200 + index}`));
        await waitUntil(() => texts().at(-1) === `Burst ${batch * 200 + 199}`, 'the batch was not drawn', { interval: 5 });
        expect(on.all('article').length).to.be.at.most(300);
        await waitUntil(() => below() < 1, 'the newest is not in sight', { interval: 5 });
      }
    });

    it('never pushes out what is read further up, however much comes', async () => {
      open({ history: 60 });
      await drawn();
      await scrollTo(log().scrollHeight / 2);
      const id = atTop();
      const before = top(id);
      for (let batch = 0; batch < 3; batch += 1) {
        alice.receiveAll(Array.from({ length: 200 }, (_, index) => `Burst ${batch * 200 + index}`));
        await waitUntil(() => pill()?.textContent.includes(`${(batch + 1) * 200} new`), 'it is not counted');
      }
      expect(top(id)).to.be.closeTo(before, 1);
      pill()?.click();
      await waitUntil(() => texts().at(-1) === 'Burst 599' && below() < 1, 'the pill does not lead to the end');
    });

    it('stays at the end when its box becomes lower, as with a keyboard on a phone', async () => {
      open({ history: 60 });
      await drawn();
      await waitUntil(() => below() < 1);
      on.host.style.height = '300px';
      await waitUntil(() => log().clientHeight <= 300);
      await waitUntil(() => below() < 1, 'the newest message is hidden');
    });

    it('keeps what is read in place when its box becomes narrower', async () => {
      open({ history: 60 });
      await drawn();
      alice.change('m5', { body: 'A longer text that takes some lines more as soon as there is less room for it. '.repeat(5) });
      await waitUntil(() => message('m5').textContent.includes('longer'));
      await scrollTo(log().scrollHeight / 2);
      const id = atTop();
      const before = top(id);
      on.host.style.width = '280px';
      await waitUntil(() => log().clientWidth <= 280 && Math.abs(top(id) - before) <= 1, 'the text moved');
    });

    it('opens at the line “New” when there is more than fits, and reads on from there', async () => {
      open({ history: 60, unread: 30 });
      await drawn();
      await waitUntil(() => on.root.querySelector('.fresh'));
      const line = on.get('.fresh').getBoundingClientRect();
      const box = log().getBoundingClientRect();
      expect(line.top - box.top).to.be.within(0, box.height / 2);
      expect(on.get('.fresh').nextElementSibling?.textContent).to.contain('Message 31');
      expect(pill()?.textContent).to.contain('30 new');
      expect(alice.asked).to.deep.equal([]);
      await scrollTo(log().scrollHeight);
      await waitUntil(() => alice.asked.includes('read 00000060'), 'it was not read');
    });

    it('marks as read what is seen at the end', async () => {
      open({ history: 5, unread: 2 });
      await drawn();
      await waitUntil(() => alice.asked.includes('read 00000005'), 'it was not read');
      alice.receive('One');
      await waitUntil(() => alice.asked.includes('read 00000006'), 'the live one was not read');
    });

    it('marks nothing as read while its panel is closed', async () => {
      open({ history: 5 });
      await drawn();
      on.host.hidden = true;
      await waitUntil(() => log().clientHeight === 0);
      alice.receive('One');
      await waitUntil(() => texts().at(-1) === 'One');
      expect(alice.asked).to.deep.equal([]);
      on.host.hidden = false;
      await waitUntil(() => alice.asked.includes('read 00000006'), 'it was not read after opening');
      expect(on.get('.fresh').nextElementSibling?.textContent).to.contain('One');
    });

    it('keeps a place for each conversation', async () => {
      open({ history: 60 });
      await drawn();
      await scrollTo(log().scrollHeight / 2);
      const id = atTop();
      const before = top(id);
      const bob = chat.conversation('bob@example.org', { title: 'Bob', history: 3 });
      on.draw(show(bob));
      await waitUntil(() => on.all('article').length === 3);
      on.draw(show(alice));
      await waitUntil(() => on.all('article').length >= 60 && Math.abs(top(id) - before) <= 1, 'the place was lost');
    });
  });

  describe('focus', () => {
    it('stays on a message while others come and go around it', async () => {
      open({ history: 20 });
      await drawn();
      message('m15').focus();
      alice.receive('One');
      alice.remove('m14');
      alice.change('m15', { body: 'Changed' });
      await waitUntil(() => texts().includes('Changed') && texts().at(-1) === 'One');
      expect(focused()).to.equal('m15');
    });

    it('goes to the next message when its own is deleted', async () => {
      open({ history: 20 });
      await drawn();
      message('m15').focus();
      alice.remove('m15');
      await waitUntil(() => focused() === 'm16', 'focus was lost');
    });

    it('stays in the message when the button that was pressed goes away', async () => {
      open({ history: 2 });
      const { id } = alice.write('Hello?', { state: 'failed', error: { code: 'forbidden' } });
      await drawn();
      message(id).focus();
      await sendKeys({ press: 'Enter' });
      expect((on.root.activeElement as HTMLElement).dataset['act']).to.equal('retry');
      await sendKeys({ press: 'Enter' });
      await waitUntil(() => focused() === id, 'focus was lost');
      expect(alice.asked).to.include(`retry ${id}`);
    });

    it('finds the links of a message only from inside it', async () => {
      open();
      alice.receive('https://example.org/');
      alice.receive('Hi');
      await drawn();
      const link = on.get('article a') as HTMLAnchorElement;
      expect(link.tabIndex).to.equal(-1);
      message('m1').focus();
      await waitUntil(() => link.tabIndex === 0, 'the link cannot be reached');
      await sendKeys({ press: 'Tab' });
      expect(on.root.activeElement).to.equal(link);
      await sendKeys({ press: 'Escape' });
      expect(focused()).to.equal('m1');
    });
  });

  it('tells the exact time of the message that has the reader’s attention', async () => {
    open();
    alice.receive('Hi', { time: new Date(2024, 4, 3, 14, 5).getTime() });
    await drawn();
    expect(on.root.querySelector('.exact')).to.equal(null);
    await sendKeys({ press: 'Tab' });
    await waitUntil(() => on.root.querySelector('.exact')?.textContent.includes('3 May 2024'), 'the exact time is not told');
  });

  it('tells it to a finger that rests, and not to one that scrolls', async () => {
    open({ history: 2 });
    await drawn();
    const press = (type: string, id: string): boolean => message(id).dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'touch' }));
    press('pointerdown', 'm1');
    press('pointercancel', 'm1');
    press('pointerdown', 'm2');
    await waitUntil(() => on.root.querySelector('.exact'), 'the exact time is not told');
    expect(on.get('.exact').closest('article')).to.equal(message('m2'));
    press('pointerup', 'm2');
    press('pointerdown', 'm1');
    press('pointerup', 'm1');
    await waitUntil(() => on.root.querySelector('.exact') === null, 'it stays for ever');
  });

  it('fits into 280 px and reads from right to left', async () => {
    open({}, { width: 280, height: 400, locale: 'ar' });
    alice.receive('A word: ' + 'x'.repeat(300));
    alice.write('مرحبا', { state: 'failed', error: { code: 'x' } });
    await drawn();
    expect(log().scrollWidth).to.equal(log().clientWidth);
    const box = log().getBoundingClientRect();
    expect(on.get('.peer .bubble').getBoundingClientRect().right).to.be.greaterThan(box.right - 40);
    expect(on.get('.mine .bubble').getBoundingClientRect().left).to.be.lessThan(box.left + 40);
  });

  it('lets go of everything when it is taken away', async () => {
    open({ history: 5 });
    await drawn();
    on.remove();
    expect(alice.timeline.messages.value).to.deep.equal([]);
    expect(alice.timeline.ready.value).to.equal(false);
  });
});

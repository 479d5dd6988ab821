/** All tabs of a site share one session: one socket for ten of them, and another goes on when the one that has it closes, crashes or sleeps. */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { chatIn, type ChatPage } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { page, people, startWorld, type World } from '../support/world.js';

/** What a hand-over may take, in milliseconds; measured and printed. */
const HAND_OVER_MS = 2_000;

interface Opened {
  readonly tab: Tab;
  readonly chat: ChatPage;
}

/** Where time is measured: from the moment of the fault until somebody else hears from the account again. */
const took = (since: number): number => Math.round(performance.now() - since);
const tell = (what: string, ms: number): void => console.log(`  ${what}: ${ms} ms`);

describe('the tabs of a visitor', () => {
  let world: World;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());

  const open = async (profile: Awaited<ReturnType<World['newProfile']>>): Promise<Opened> => {
    const tab = await profile.newTab();
    await tab.open(world.serve('/tabs', page(world.element({ mode: 'inline' }))));
    return { tab, chat: chatIn(tab) };
  };

  it('are ten on one socket; what is written in any shows in all, in the same order', async () => {
    const support = await world.peer('support');
    const profile = await world.newProfile();
    const tabs = [await open(profile)];
    await tabs[0]?.chat.write('from tab 0');
    await tabs[0]?.chat.message('from tab 0', 'sent', 'delivered');
    const visitor = (await support.message(stanza => stanza.getChildText('body') === 'from tab 0')).attrs['from'] ?? '';
    const asked = world.wire.asked;
    for (let index = 1; index < 10; index++) tabs.push(await open(profile));
    const texts = ['from tab 0'];
    for (const [index, { chat }] of tabs.entries()) {
      if (index === 0) continue;
      await chat.message(texts.at(-1) ?? '');
      await chat.write(`from tab ${index}`);
      await chat.message(`from tab ${index}`, 'sent', 'delivered');
      texts.push(`from tab ${index}`);
    }
    await support.say(visitor, 'to all of you');
    texts.push('to all of you');
    for (const { chat } of tabs) await chat.texts(...texts);
    assert.equal(world.wire.asked, asked);
    assert.equal(world.wire.open, 1);
    // The judge is the archive of the other side.
    await world.untilArchived(support, texts);
    await profile.close();
    await until('no socket', () => world.wire.open === 0);
  });

  it('go on when the first is closed, with nothing lost and nothing twice', async t => {
    const support = await world.peer('support');
    const before = await world.archived(support);
    const profile = await world.newProfile();
    t.after(() => profile.close());
    const [first, second] = [await open(profile), await open(profile)];
    await first.chat.write('before it closes');
    await first.chat.message('before it closes', 'sent', 'delivered');
    await second.chat.message('before it closes');
    const closed = performance.now();
    await first.tab.close();
    await second.chat.write('after it closed');
    await second.chat.message('after it closed', 'sent', 'delivered');
    tell('from the close of a tab to a message sent by the next (typing included)', took(closed));
    assert.equal(world.wire.open, 1);
    await world.untilArchived(support, [...before, 'before it closes', 'after it closed']);
  });
});

describe('the tabs of a visitor over BOSH', () => {
  let world: World;
  before(async () => void (world = await startWorld({ transport: 'bosh' })));
  after(() => world.stop());

  it('go on with the same session, as the same guest, when the first is closed or loaded anew', async t => {
    const support = await world.peer('support');
    const profile = await world.newProfile();
    t.after(() => profile.close());
    const open = async (): Promise<Opened> => {
      const tab = await profile.newTab();
      await tab.open(world.serve('/tabs', page(world.element({ mode: 'inline' }))));
      return { tab, chat: chatIn(tab) };
    };
    const guestOf = async (text: string): Promise<string> => (await support.message(stanza => stanza.getChildText('body') === text)).attrs['from'] ?? '';
    const [first, second] = [await open(), await open()];
    await first.chat.write('over BOSH');
    await first.chat.message('over BOSH', 'sent', 'delivered');
    const guest = await guestOf('over BOSH');
    await second.chat.message('over BOSH');
    const since = performance.now();
    await first.tab.close();
    await support.say(guest, 'still you?');
    await second.chat.message('still you?');
    tell('from the close of a tab over BOSH to a message received by the next', took(since));
    await second.tab.reload();
    await second.chat.write('still me');
    await second.chat.message('still me', 'sent', 'delivered');
    assert.equal(await guestOf('still me'), guest);
    await world.untilArchived(support, ['over BOSH', 'still you?', 'still me']);
  });
});

describe('the tabs of an account', () => {
  let world: World;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());

  const open = async (profile: Awaited<ReturnType<World['newProfile']>>): Promise<Opened> => {
    const tab = await profile.newTab();
    await tab.open(world.serve('/client', page(world.element({ mode: 'page', domain: world.server.domain, to: `support@${world.server.domain}` }))));
    return { tab, chat: chatIn(tab) };
  };
  /** Signed in in the first, open in all. */
  const openAll = async (t: TestContext, many: number): Promise<readonly Opened[]> => {
    const profile = await world.newProfile();
    t.after(async () => {
      await profile.close();
      await until('no socket', () => world.wire.open === 0);
    });
    const first = await open(profile);
    await first.chat.logIn('ana', people.ana);
    await first.chat.sees('textarea');
    const tabs = [first];
    for (let index = 1; index < many; index++) {
      const next = await open(profile);
      await next.chat.sees('textarea');
      tabs.push(next);
    }
    return tabs;
  };

  it('open signed in, on one socket', async t => {
    const tabs = await openAll(t, 3);
    assert.equal(world.wire.open, 1);
    for (const { chat } of tabs) await chat.until('the connection', ({ chip }) => chip === '');
  });

  for (const [what, act] of [
    ['closes', (tab: Tab) => tab.close()],
    ['crashes', (tab: Tab) => tab.crash?.()],
    ['is frozen', (tab: Tab) => tab.freeze?.(true)],
  ] as const) {
    it(`go on with the same stream when the one that has it ${what}`, async t => {
      const support = await world.peer('support');
      const tabs = await openAll(t, 3);
      const [first, ...others] = tabs;
      if (!first) throw new Error('There are three');
      if (what !== 'closes' && (!first.tab.crash || !first.tab.freeze)) return t.diagnostic('This driver cannot do it.');
      await first.chat.write(`before it ${what}`);
      await first.chat.message(`before it ${what}`, 'sent', 'delivered');
      const own = (await support.message(stanza => stanza.getChildText('body') === `before it ${what}`)).attrs['from'] ?? '';
      const asked = world.wire.asked;
      const since = performance.now();
      await act(first.tab);
      await until('another connection', () => world.wire.asked > asked);
      // Whoever is sent to the full address hears of it only on the same stream.
      await support.say(own, `after it ${what}`);
      await others[0]?.chat.message(`after it ${what}`);
      const ms = took(since);
      tell(`from the moment that the holder ${what} to a message received by the next`, ms);
      await others[1]?.chat.message(`after it ${what}`);
      await others[1]?.chat.write(`and an answer, as it ${what}`);
      await others[1]?.chat.message(`and an answer, as it ${what}`, 'sent', 'delivered');
      const answer = await support.message(stanza => stanza.getChildText('body') === `and an answer, as it ${what}`);
      assert.equal(answer.attrs['from'], own);
      assert.ok(ms < HAND_OVER_MS || what === 'is frozen', `It took ${ms} ms.`);
      if (what === 'is frozen') {
        await first.tab.freeze?.(false);
        await first.chat.message(`and an answer, as it ${what}`);
        await first.chat.write('awake again');
        await others[0]?.chat.message('awake again', 'sent', 'delivered');
        assert.equal(world.wire.open, 1);
      }
      return undefined;
    });
  }

  it('sign out together within a second, and leave nothing', async t => {
    const tabs = await openAll(t, 3);
    await tabs[0]?.chat.write('kept nowhere');
    await tabs[0]?.chat.message('kept nowhere', 'sent', 'delivered');
    const since = performance.now();
    await tabs[2]?.chat.click('.sign-out');
    for (const { chat } of tabs) await chat.sees('input[autocomplete~=username]');
    tell('from the click to the last login form', took(since));
    await until('no socket', () => world.wire.open === 0);
    const stored = await tabs[1]?.tab.until('an empty store', async () => {
      const counts = await Promise.all(
        (await indexedDB.databases()).map(
          ({ name = '' }) =>
            new Promise<number>((resolve, reject) => {
              const opening = indexedDB.open(name);
              opening.onerror = () => reject(new Error(name));
              opening.onsuccess = () => {
                const all = opening.result.transaction('messages').objectStore('messages').getAll();
                all.onsuccess = () => {
                  opening.result.close();
                  resolve(all.result.length);
                };
              };
            }),
        ),
      );
      return counts.every(count => count === 0) && 'empty';
    });
    assert.equal(stored, 'empty');
  });
});

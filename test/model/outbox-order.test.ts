import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { Registry } from '../../src/base/slot.js';
import { direct } from '../../src/model/direct.js';
import { createOutbox } from '../../src/model/outbox.js';
import type { Fate, Session } from '../../src/xmpp/session.js';
import { bodyOf } from '../support/headless-chat.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';
import type { XmlElement } from '../../src/xmpp/xml.js';
import { ANA, BO, newStore, quietLog, removeStores } from '../store/support.js';

/** `failing`: how many times what became of messages cannot be stored. */
const outboxWith = async (taken: () => Promise<void> = () => Promise.resolve(), failing = 0) => {
  const store = await newStore('memory');
  const { storage } = await store.hold(ANA);
  const handed: { readonly text: string | undefined; readonly claim: string }[] = [];
  let tell: (claim: string, fate: Fate) => Promise<void> = () => Promise.resolve();
  const session = {
    online: { peek: () => true },
    lasting: true,
    status: { subscribe: () => () => undefined },
    on: () => () => undefined,
    onFate: (run: typeof tell) => {
      tell = run;
      return () => undefined;
    },
    expects: () => false,
    // As a stream does when it takes something over.
    send: async (stanza: XmlElement, claim: string) => {
      handed.push({ text: bodyOf(stanza), claim });
      await taken();
      await storage.save(() => undefined, [{ id: claim, xml: '<message/>' }]);
    },
  } as unknown as Session;
  let back: () => void = () => undefined;
  const released = new Promise<void>(resolve => (back = resolve));
  let looking: Promise<unknown> = Promise.resolve();
  let left = failing;
  const settling: typeof store.outbox.settle = (...given) => (left-- > 0 ? Promise.reject(new ChatError('storage', 'in-doubt', 'user')) : store.outbox.settle(...given));
  const slow = { ...store, outbox: { ...store.outbox, settle: settling, entries: (account: string) => looking.then(() => store.outbox.entries(account)), release: (...entry: Parameters<typeof store.outbox.release>) => released.then(() => store.outbox.release(...entry)) } };
  const environment = fakeEnvironment();
  const open = () => createOutbox({
    account: ANA, store: slow, registry: new Registry(), environment, log: quietLog().log,
    kind: () => direct, protection: () => Promise.resolve(null), announce: () => undefined,
  });
  const outbox = open();
  const texts = (): readonly (string | undefined)[] => handed.map(({ text }) => text);
  const states = async (): Promise<readonly (string | undefined)[]> => (await store.page(ANA, BO, { limit: 50 })).map(({ state }) => state);
  return { lookAfter: (promise: Promise<unknown>) => (looking = promise), states, outbox, environment, otherTab: open, session, handed, texts, back: () => back(), tell: (claim: string, fate: Fate) => tell(claim, fate) };
};

describe('the order of the outbox', () => {
  afterEach(removeStores);

  it('is that of writing also where much waits, which is handed over together, as much as fits into one request', async () => {
    let take: () => void = () => undefined;
    const taken = new Promise<void>(resolve => (take = resolve));
    const { outbox, session, handed, tell, texts } = await outboxWith(() => taken);
    const all = [...Array.from({ length: 20 }, (_, index) => String(index)), 'x'.repeat(9_000), 'y'.repeat(9_000), 'last'];
    for (const text of all) await outbox.send(BO, direct, text);
    outbox.attach(session);
    await until('the first of them', () => texts().length > 0);
    await settle();
    expect(texts()).to.deep.equal(all.slice(0, 16));
    take();
    await settle();
    // What a server forgets is no more than that.
    expect(texts()).to.deep.equal(all.slice(0, 16));
    for (let told = 0; told < all.length; told += 1) {
      await until('the next', () => handed.length > told);
      await tell(handed[told]?.claim ?? '', 'acknowledged');
    }
    expect(texts()).to.deep.equal(all);
  });

  for (const [failing, state, what] of [[1, 'sent', 'at the first try'], [2, 'unconfirmed', 'at all']] as const) it(`goes on behind what could not be stored as sent ${what}, and nothing is written twice`, async () => {
    const { outbox, session, handed, tell, texts, states } = await outboxWith(undefined, failing);
    const all = Array.from({ length: 20 }, (_, index) => String(index));
    for (const text of all) await outbox.send(BO, direct, text);
    outbox.attach(session);
    await until('the first of them', () => handed.length === 16);
    await settle();
    await Promise.allSettled(handed.map(({ claim }) => tell(claim, 'acknowledged')));
    await until('the rest', () => handed.length === 20);
    outbox.noticed();
    await settle();
    expect(texts()).to.deep.equal(all);
    expect(await states()).to.deep.equal([...Array<string>(16).fill(state), ...Array<string>(4).fill('sending')]);
  });

  it('is that of storing, also where the tab that stored it before was gone before it could tell', async () => {
    let take: () => void = () => undefined;
    const taken = new Promise<void>(resolve => (take = resolve));
    const { lookAfter, outbox, environment, otherTab, session, texts } = await outboxWith(() => taken);
    outbox.attach(session);
    await outbox.send(BO, direct, 'first');
    await until('the first', () => texts().length === 1);
    await environment.advance(5);
    await otherTab().send(BO, direct, 'second');
    await environment.advance(5);
    let look: () => void = () => undefined;
    lookAfter(new Promise<void>(resolve => (look = resolve)));
    await outbox.send(BO, direct, 'third');
    take();
    await settle();
    expect(texts()).to.deep.equal(['first']);
    look();
    await until('all', () => texts().length === 3);
    expect(texts()).to.deep.equal(['first', 'second', 'third']);
  });

  it('is kept while what was never written comes back from a stream that is gone: what was written after it waits', async () => {
    const { outbox, session, handed, texts, back, tell } = await outboxWith();
    outbox.attach(session);
    await outbox.send(BO, direct, 'first');
    await until('the first', () => handed.length === 1);
    const coming = tell(handed[0]?.claim ?? '', 'unsent');
    await outbox.send(BO, direct, 'second');
    await settle();
    expect(texts()).to.deep.equal(['first']);
    back();
    await coming;
    await until('both', () => handed.length === 3, () => texts().join(', '));
    expect(texts()).to.deep.equal(['first', 'first', 'second']);
  });
});

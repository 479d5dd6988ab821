import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { Registry } from '../../src/base/slot.js';
import { createConversation, MAX_TEXT_BYTES } from '../../src/model/conversation.js';
import { direct } from '../../src/model/direct.js';
import { createOutbox } from '../../src/model/outbox.js';
import type { Changes } from '../../src/store/store.js';
import { ANA, newStore, quietLog, removeStores } from '../store/support.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { accountChat, BO, endChats, SUPPORT, visitorChat } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const FULL = new ChatError('storage', 'full', 'user');

/** One in a store that takes a message only when it is let, each in its turn. */
const slowConversation = async () => {
  const store = await newStore('IndexedDB');
  const environment = fakeEnvironment();
  const { log } = quietLog();
  const waiting: ((error?: ChatError) => void)[] = [];
  const add: typeof store.outbox.add = async (...given) => {
    await new Promise<void>((resolve, reject) => waiting.push(error => (error ? reject(error) : resolve())));
    return store.outbox.add(...given);
  };
  const slow = { ...store, outbox: { ...store.outbox, add } };
  const announce = (changes: Changes): void => {
    for (const each of changes.conversations) it.update(each);
  };
  const outbox = createOutbox({ account: ANA, store: slow, registry: new Registry(), environment, log, kind: () => direct, protection: () => Promise.resolve(null), announce });
  const it = createConversation({ account: ANA, store: slow, environment, log, outbox, announce, contact: () => undefined, presence: () => undefined }, BO, direct);
  /** Lets the oldest that waits go, or fail. */
  const go = async (error?: ChatError): Promise<void> => {
    await until('a message on its way', () => waiting.length > 0);
    waiting.shift()?.(error);
  };
  const type = async (text: string): Promise<void> => {
    it.setDraft(text);
    await environment.advance(1000);
    await until('the draft', async () => ((await store.conversation(ANA, BO))?.draft ?? '') === text);
  };
  /** What became of it. */
  const send = (text: string): Promise<unknown> => it.send(text).catch((error: unknown) => error);
  return { it, store, environment, type, send, go, stored: async () => (await store.conversation(ANA, BO))?.draft, said: async () => (await store.page(ANA, BO, { limit: 9 })).map(({ body }) => body) };
};

describe('conversation', () => {
  afterEach(endChats);
  afterEach(removeStores);

  it('keeps a draft over a reload, and drops it when it is emptied', async () => {
    const first = await visitorChat({ reachable: false });
    first.conversation(SUPPORT).setDraft('Half a sen');
    await first.environment.advance(1000);
    const second = await first.reloaded();
    expect(second.conversation(SUPPORT).draft.value).to.equal('Half a sen');
    second.conversation(SUPPORT).setDraft('');
    const third = await second.reloaded();
    expect(third.conversation(SUPPORT).draft.value).to.equal('');
  });

  it('keeps as a draft what is being sent until it is a message, so that a page that is left meanwhile has lost nothing', async () => {
    const { it: its, stored, said, type, environment, go } = await slowConversation();
    await type('Hello');
    const sent = its.send('Hello');
    expect(its.draft.value, 'the field is empty at once').to.equal('');
    await its.flush();
    await environment.advance(1000);
    await settle();
    expect(await stored()).to.equal('Hello');
    its.setDraft('And more');
    await go();
    await sent;
    expect(await said()).to.deep.equal(['Hello']);
    expect(its.draft.value, 'what was written since stays').to.equal('And more');
    await until('the rest', async () => (await stored()) === 'And more');
  });

  it('has what could not be stored as a message as a draft again', async () => {
    const { it: its, stored, said, type, send, go } = await slowConversation();
    await type('Hello');
    const sent = send('Hello');
    await go(FULL);
    expect(await sent).to.have.property('code', 'full');
    expect(its.draft.value).to.equal('Hello');
    await settle();
    expect([await stored(), await said()]).to.deep.equal(['Hello', []]);
  });

  it('loses neither what could not be stored nor what was typed meanwhile, on the next page either', async () => {
    const { it: its, stored, type, send, go, environment } = await slowConversation();
    await type('Hello');
    const sent = send('Hello');
    its.setDraft('And mo');
    // The pause after which a draft is stored is over before the failure is known.
    await environment.advance(1000);
    await settle();
    its.setDraft('And more');
    await go(FULL);
    await sent;
    expect(its.draft.value).to.equal('Hello\nAnd more');
    await until('both', async () => (await stored()) === 'Hello\nAnd more');
    its.setDraft('Hello\nAnd more.');
    await environment.advance(1000);
    await until('what is typed then', async () => (await stored()) === 'Hello\nAnd more.');
  });

  it('gives several back in the order of writing, and none that was stored', async () => {
    const { it: its, stored, said, send, go } = await slowConversation();
    const sent: Promise<unknown>[] = [];
    for (const text of ['one', 'two', 'three', 'four']) {
      its.setDraft(text);
      sent.push(send(text));
    }
    its.setDraft('five');
    for (const error of [FULL, undefined, FULL, FULL]) await go(error);
    expect((await Promise.all(sent)).map(error => error instanceof ChatError)).to.deep.equal([true, false, true, true]);
    expect(its.draft.value).to.equal('one\nthree\nfour\nfive');
    expect(await said()).to.deep.equal(['two']);
    await until('all of it', async () => (await stored()) === 'one\nthree\nfour\nfive');
  });

  it('gives back as a draft only what was one', async () => {
    const { it: its, stored, type, send, go } = await slowConversation();
    await type('Half a sen');
    const sent = send('Sent by the page');
    await go(FULL);
    expect(await sent).to.have.property('code', 'full');
    expect(its.draft.value).to.equal('Half a sen');
    await settle();
    expect(await stored()).to.equal('Half a sen');
  });

  it('leaves in the field what is too long to be sent', async () => {
    const { it: its, send } = await slowConversation();
    const long = 'x'.repeat(MAX_TEXT_BYTES + 1);
    its.setDraft(long);
    expect(await send(long)).to.have.property('code', 'too-long');
    expect(its.draft.value).to.equal(long);
  });

  it('leaves a draft alone when a site sends something else', async () => {
    const { it: its, stored, type, go } = await slowConversation();
    await type('Half a sen');
    const sent = its.send('Sent by the page');
    await go();
    await sent;
    expect(its.draft.value).to.equal('Half a sen');
    expect(await stored()).to.equal('Half a sen');
  });

  it('counts what was not read, and nothing once it was', async () => {
    const it = await accountChat();
    for (const text of ['a', 'b', 'c']) it.receive(BO, text);
    await it.arrival(BO, 'c');
    const its = it.conversation(BO);
    expect(its.unread.value).to.deep.equal({ kind: 'exact', count: 3 });
    await its.markRead();
    expect(its.unread.value).to.deep.equal({ kind: 'exact', count: 0 });
    await its.send('d');
    await it.state(BO, 'd', 'sent');
    expect(its.unread.value).to.deep.equal({ kind: 'exact', count: 0 });
    it.receive(BO, 'e');
    await it.arrival(BO, 'e');
    expect(its.unread.value).to.deep.equal({ kind: 'exact', count: 1 });
  });

  it('counts for a visitor only where the visitor can read: a greeting of the server would never be read', async () => {
    const it = await visitorChat();
    it.receive('example.org', 'Welcome to this server');
    await it.arrival('example.org', 'Welcome to this server');
    expect(it.model.unread.value).to.equal(0);
    it.receive(SUPPORT, 'Hello');
    await it.arrival(SUPPORT, 'Hello');
    expect(it.model.unread.value).to.equal(1);
  });

  it('is listed by its newest message', async () => {
    const it = await accountChat();
    const order = (): readonly string[] => it.model.conversations.value.map(({ id }) => id);
    it.receive(BO, 'early');
    await it.arrival(BO, 'early');
    await it.environment.advance(1000);
    it.receive('carol@example.org', 'late');
    await it.arrival('carol@example.org', 'late');
    expect(order()).to.deep.equal(['carol@example.org', BO]);
    await it.environment.advance(1000);
    await it.conversation(BO).send('answer');
    expect(order()).to.deep.equal([BO, 'carol@example.org']);
  });

  it('shows nothing of an address before something was said there', async () => {
    const it = await accountChat();
    expect(it.model.conversation('nobody@example.org')?.title.value).to.equal('nobody');
    expect(it.model.conversations.value).to.deep.equal([]);
    expect(it.model.conversation('no address')).to.equal(undefined);
  });

  it('takes its name from the roster and its presence from the other side', async () => {
    const it = await accountChat({ script: { accounts: { ana: 'secret' }, roster: `<item jid='${BO}' name='Bo Nilsson' subscription='both'/>` } });
    const its = it.conversation(BO);
    await until('the roster', () => its.title.value === 'Bo Nilsson');
    expect(its.presence.value).to.equal(undefined);
    it.server.push(`<presence xmlns='jabber:client' from='${BO}/phone' to='${it.server.jid}'><show>away</show><status>Lunch</status></presence>`);
    await until('presence', () => its.presence.value);
    expect(its.presence.value).to.deep.include({ show: 'away', status: 'Lunch' });
  });
});

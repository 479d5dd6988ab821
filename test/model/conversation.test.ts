import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { Registry } from '../../src/base/slot.js';
import { createConversation } from '../../src/model/conversation.js';
import { direct } from '../../src/model/direct.js';
import { createOutbox } from '../../src/model/outbox.js';
import type { Changes } from '../../src/store/store.js';
import { ANA, newStore, quietLog, removeStores } from '../store/support.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { accountChat, BO, endChats, SUPPORT, visitorChat } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

/** One in a store that takes a message only when it is let. */
const slowConversation = async () => {
  const store = await newStore('IndexedDB');
  const environment = fakeEnvironment();
  const { log } = quietLog();
  let go: (error?: ChatError) => void = () => undefined;
  const free = new Promise<void>((resolve, reject) => (go = error => (error ? reject(error) : resolve())));
  const slow = { ...store, outbox: { ...store.outbox, add: (...given: Parameters<typeof store.outbox.add>) => free.then(() => store.outbox.add(...given)) } };
  const announce = (changes: Changes): void => {
    for (const each of changes.conversations) it.update(each);
  };
  const outbox = createOutbox({ account: ANA, store: slow, registry: new Registry(), environment, log, kind: () => direct, protection: () => Promise.resolve(null), announce });
  const it = createConversation({ account: ANA, store: slow, environment, log, outbox, announce, contact: () => undefined, presence: () => undefined }, BO, direct);
  return { it, store, environment, stored: () => store.conversation(ANA, BO), let: (error?: ChatError) => go(error) };
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
    const { it: its, stored, store, environment, let: go } = await slowConversation();
    its.setDraft('Hello');
    await environment.advance(1000);
    await until('the draft', async () => (await stored())?.draft === 'Hello');
    its.setDraft('');
    const sent = its.send('Hello');
    expect(its.draft.value, 'the field is empty at once').to.equal('');
    await its.flush();
    await environment.advance(1000);
    await settle();
    expect((await stored())?.draft).to.equal('Hello');
    its.setDraft('And more');
    go();
    await sent;
    expect((await store.page(ANA, BO, { limit: 9 })).map(({ body }) => body)).to.deep.equal(['Hello']);
    expect(its.draft.value, 'what was written since stays').to.equal('And more');
    await until('the rest', async () => (await stored())?.draft === 'And more');
  });

  it('still has as a draft what could not be stored as a message', async () => {
    const { it: its, stored, environment, let: go } = await slowConversation();
    its.setDraft('Hello');
    await environment.advance(1000);
    its.setDraft('');
    const sent = its.send('Hello').catch((error: unknown) => error);
    go(new ChatError('storage', 'full', 'user'));
    expect(await sent).to.have.property('code', 'full');
    await settle();
    expect((await stored())?.draft).to.equal('Hello');
  });

  it('leaves a draft alone when a site sends something else', async () => {
    const { it: its, stored, environment, let: go } = await slowConversation();
    its.setDraft('Half a sen');
    await environment.advance(1000);
    go();
    await its.send('Sent by the page');
    expect(its.draft.value).to.equal('Half a sen');
    expect((await stored())?.draft).to.equal('Half a sen');
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

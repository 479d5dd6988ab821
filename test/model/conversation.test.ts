import { expect } from '@open-wc/testing';
import { accountChat, BO, endChats, SUPPORT, visitorChat } from '../support/headless-chat.js';
import { until } from '../support/until.js';

describe('conversation', () => {
  afterEach(endChats);

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

import { expect } from '@open-wc/testing';
import { accountChat, BO, endChats, SUPPORT, visitorChat } from '../support/headless-chat.js';
import type { Message } from '../../src/entities/message.js';
import type { Store } from '../../src/store/store.js';
import { createTimeline, WINDOW } from '../../src/model/timeline.js';
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

describe('timeline', () => {
  afterEach(endChats);

  const filled = async (count: number) => {
    const it = await accountChat();
    for (let index = 0; index < count; index++) it.receive(BO, `m${index}`);
    await it.arrival(BO, `m${count - 1}`);
    return it;
  };

  it('holds a window, and every message can be reached from it', async () => {
    const it = await filled(700);
    const { timeline } = it.conversation(BO);
    timeline.follow(false);
    const seen = new Set(it.texts(BO));
    while (!timeline.atStart.value) {
      await timeline.older();
      expect(timeline.messages.value.length).to.be.at.most(WINDOW);
      for (const text of it.texts(BO)) seen.add(text);
    }
    expect(seen.size).to.equal(700);
    expect(timeline.messages.value[0]?.body).to.equal('m0');
    expect(timeline.atEnd.value).to.equal(false);
    while (!timeline.atEnd.value) await timeline.newer();
    expect(timeline.messages.value.at(-1)?.body).to.equal('m699');
    expect(it.texts(BO)).to.deep.equal(Array.from({ length: 700 }, (_, index) => `m${index}`).slice(-it.texts(BO).length));
  });

  it('leaves new messages outside while the reader looks at old ones, and goes to the end when asked', async () => {
    const it = await filled(400);
    const { timeline } = it.conversation(BO);
    timeline.follow(false);
    while (!timeline.atStart.value) await timeline.older();
    it.receive(BO, 'new');
    await until('it to be stored', () => it.conversation(BO).preview.value?.body === 'new');
    expect(it.texts(BO)).not.to.contain('new');
    await timeline.toEnd();
    expect(it.texts(BO).at(-1)).to.equal('new');
  });

  it('misses nothing that is stored while a page is read', async () => {
    const message = (body: string): Message => ({ id: body, account: 'a', conversation: BO, position: body, sender: BO, mine: false, body, time: 0, messageId: body, archiveIds: [] });
    const stored = [message('a'), message('b')];
    let hold: Promise<void> | undefined;
    // A read that is over before the next write, and slow to be told.
    const page = async (): Promise<readonly Message[]> => {
      const rows = [...stored];
      await hold;
      return rows;
    };
    const timeline = createTimeline('a', BO, { page } as unknown as Store, error => { throw error; });
    timeline.open();
    await until('the first page', () => timeline.ready.value);
    let release!: () => void;
    hold = new Promise(resolve => (release = resolve));
    const reading = timeline.toEnd();
    const fresh = message('c');
    stored.push(fresh);
    timeline.apply([{ id: 'c', conversation: BO, after: fresh, new: true }]);
    hold = undefined;
    release();
    await reading;
    expect(timeline.messages.value.map(({ body }) => body)).to.deep.equal(['a', 'b', 'c']);
  });

  it('is empty again when the last onlooker leaves', async () => {
    const it = await accountChat();
    it.receive(BO, 'x');
    await it.arrival(BO, 'x');
    const { timeline } = it.conversation(BO);
    const close = timeline.open();
    close();
    expect(timeline.messages.value).to.have.length(1);
  });
});

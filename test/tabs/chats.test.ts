import { expect } from '@open-wc/testing';
import { definePlugin } from '../../src/app/plugin.js';
import { accountChat, BO, endChats, idleChat, SUPPORT, visitorChat, written, type HeadlessChat, type HeadlessOptions } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

/** Keys serve for one salt. */
const ANA = { accounts: { ana: 'secret' }, scram: { salt: btoa('0123456789abcdef') } };
const ACCOUNT = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };

/** Another tab of the same browser. */
const another = (first: HeadlessChat, options: Partial<HeadlessOptions> = {}): Promise<HeadlessChat> => visitorChat({ database: first.database, server: first.server, ...options });
const visitors = async (many: number): Promise<[HeadlessChat, HeadlessChat, ...HeadlessChat[]]> => {
  const first = await visitorChat();
  const second = await another(first);
  return [first, second, ...(await Promise.all(Array.from({ length: many - 2 }, () => another(first))))];
};
/** The same account in another tab, which is opened without a login. */
const anotherOf = async (first: HeadlessChat, options: Partial<HeadlessOptions> = {}): Promise<HeadlessChat> => {
  const tab = idleChat({ options: ACCOUNT, database: first.database, server: first.server, ...options });
  await tab.chat.start();
  return tab;
};
/** All that a database holds, as one text. */
const stored = async (name: string): Promise<string> => {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(new Error(String(opening.error)));
  });
  const rows = await Promise.all(
    [...db.objectStoreNames].map(
      table =>
        new Promise<unknown>((resolve, reject) => {
          const asking = db.transaction(table).objectStore(table).getAll();
          asking.onsuccess = () => resolve(asking.result);
          asking.onerror = () => reject(new Error(String(asking.error)));
        }),
    ),
  );
  db.close();
  return JSON.stringify(rows);
};
const sees = (tab: HeadlessChat, ...texts: readonly string[]): Promise<unknown> =>
  until(texts.join(', '), () => JSON.stringify(tab.texts(SUPPORT)) === JSON.stringify(texts), () => JSON.stringify(tab.texts(SUPPORT)), 6_000);

describe('ten tabs of a visitor', () => {
  afterEach(endChats);

  it('have one socket, and what is written in any shows in all, in the same order', async () => {
    const tabs = await visitors(10);
    expect(tabs[0].server.attempts).to.have.length(1);
    for (const tab of tabs) tab.conversation(SUPPORT);
    const texts = tabs.map((_, index) => `from tab ${index}`);
    for (const [index, tab] of tabs.entries()) {
      // Each has a clock of its own here, and they show the same time.
      await tab.environment.advance(index * 100);
      await tab.conversation(SUPPORT).send(texts[index] ?? '');
      if (index === 4) tabs[0].receive(SUPPORT, 'an answer');
      if (index === 4) await tabs[9]?.arrival(SUPPORT, 'an answer');
    }
    const all = [...texts.slice(0, 5), 'an answer', ...texts.slice(5)];
    for (const tab of tabs) await sees(tab, ...all);
    await until('all of it written', () => written(tabs[0].server).length === 10);
    expect(written(tabs[0].server)).to.deep.equal(texts);
    expect(tabs[0].server.open).to.equal(1);
  });

  it('see when a message is sent, and count as read what any has read', async () => {
    const [one, two, three] = await visitors(3);
    await two.conversation(SUPPORT).send('Hello');
    one.conversation(SUPPORT);
    await until('sent in all', async () => {
      await one.environment.advance(100);
      return [one, two, three].every(tab => tab?.message(SUPPORT, 'Hello')?.state === 'sent');
    });
    one.receive(SUPPORT, 'Read me');
    await until('unread in all', () => [one, two, three].every(tab => tab?.model.unread.peek() === 1));
    await three?.arrival(SUPPORT, 'Read me');
    await three?.conversation(SUPPORT).markRead();
    await until('read in all', () => [one, two, three].every(tab => tab?.model.unread.peek() === 0));
  });

  it('share what is half written', async () => {
    const [one, two] = await visitors(2);
    one.conversation(SUPPORT).setDraft('Half a sen');
    await one.environment.advance(300);
    await until('the draft', () => two.conversation(SUPPORT).draft.peek() === 'Half a sen');
    two.conversation(SUPPORT).setDraft('Half a sentence');
    await two.environment.advance(300);
    await until('the rest', () => one.conversation(SUPPORT).draft.peek() === 'Half a sentence');
  });

  it('tell their pages what is received in each, and what is sent where it was written', async () => {
    const [one, two] = await visitors(2);
    const told: string[] = [];
    for (const [name, tab] of [['one', one], ['two', two]] as const) {
      tab.chat.on('message:received', ({ body }) => void told.push(`${name} hears ${body}`));
      tab.chat.on('message:sent', ({ body }) => void told.push(`${name} says ${body}`));
    }
    await two.conversation(SUPPORT).send('Hello');
    one.receive(SUPPORT, 'Hi');
    await until('both', () => told.length === 3);
    await settle();
    expect(told.sort()).to.deep.equal(['one hears Hi', 'two hears Hi', 'two says Hello']);
  });

  it('that open at the same moment are one visitor', async () => {
    const first = idleChat();
    const others = Array.from({ length: 4 }, () => idleChat({ database: first.database, server: first.server }));
    await Promise.all([first, ...others].map(({ chat }) => chat.start()));
    await Promise.all([first, ...others].map(tab => tab.online()));
    await others[3]?.conversation(SUPPORT).send('Who am I?');
    await first.arrival(SUPPORT, 'Who am I?');
    expect(first.server.attempts).to.have.length(1);
  });

  it('go on when the first is closed: what was written meanwhile gets out once', async () => {
    const [one, two, three] = await visitors(3);
    await one.chat.destroy();
    await two.conversation(SUPPORT).send('Still there?');
    await until('another connection', () => one.server.attempts.length === 2);
    await two.state(SUPPORT, 'Still there?', 'sent');
    await three?.arrival(SUPPORT, 'Still there?');
    expect(written(one.server)).to.deep.equal(['Still there?']);
    expect(one.server.open).to.equal(1);
  });

  it('do not hammer a server that is away, however often they are looked at', async () => {
    const [one, two] = await visitors(2);
    const { server } = one;
    const waiting = (attempts: number): Promise<unknown> =>
      until(`the wait after ${attempts} attempts`, () => server.attempts.length >= attempts && two.chat.status.peek().name === 'waiting', () => JSON.stringify([server.attempts.length, two.chat.status.peek()]));
    await one.environment.advance(3_000);
    server.reachability = 'refused';
    server.drop();
    await waiting(1);
    two.environment.wake();
    await waiting(2);
    for (let times = 0; times < 10; times++) {
      two.environment.wake();
      await settle();
    }
    // What a person asks for is done at once, and after all that was asked for before.
    two.chat.reconnect();
    await waiting(3);
    expect(server.attempts).to.have.length(3);
  });

  it('see how the session does wherever it has moved to, also after the data of the site was cleared', async () => {
    const [one, two, ...rest] = await visitors(4);
    const { server, database } = one;
    const all = (name: string, attempts: number): Promise<unknown> =>
      until(`all to be ${name}`, async () => {
        for (const tab of rest) await tab.environment.advance(100);
        return server.attempts.length >= attempts && rest.every(tab => tab.chat.status.peek().name === name);
      }, () => JSON.stringify([server.attempts.length, ...rest.map(tab => tab.chat.status.peek())]), 6_000);
    await one.chat.destroy();
    await all('online', 2);
    await new Promise(resolve => (indexedDB.deleteDatabase(database).onsuccess = resolve));
    await two.chat.destroy();
    await all('online', 3);
    server.reachability = 'refused';
    server.drop();
    await all('waiting', 3);
  });

  it('of one that ends with its tab share nothing', async () => {
    const options = { to: SUPPORT, service: 'ws://localhost:5280/xmpp', storage: 'session' };
    const script = { mechanisms: ['ANONYMOUS'] };
    const one = await visitorChat({ options, script });
    const two = await another(one, { options, script });
    expect(one.server.attempts).to.have.length(2);
    await one.conversation(SUPPORT).send('Mine alone');
    await settle();
    expect(two.model.conversations.peek()).to.deep.equal([]);
  });

  it('are loaded nothing of each other while there is only one', async () => {
    const it = await visitorChat();
    await it.conversation(SUPPORT).send('Alone');
    await it.state(SUPPORT, 'Alone', 'sent');
    await it.environment.advance(2_000);
    expect(performance.getEntriesByType('resource').filter(({ name }) => name.includes('/src/tabs/company'))).to.have.length.lessThan(2);
  });
});

describe('a second tab of an account', () => {
  afterEach(endChats);

  it('opens signed in, over the same socket, with people and presence', async () => {
    const roster = `<item jid='${BO}' name='Bo' subscription='both'/>`;
    const first = await accountChat({ script: { accounts: { ana: 'secret' }, roster } });
    await until('the roster', () => first.model.contacts.peek());
    first.server.push(`<presence xmlns='jabber:client' from='${BO}/phone'><show>away</show></presence>`);
    const second = await anotherOf(first);
    expect(second.chat.signIn.peek()).to.equal('in');
    expect(second.chat.address.peek()).to.equal('ana@example.org');
    await until('Bo', () => second.conversation(BO).title.peek() === 'Bo' && second.conversation(BO).presence.peek()?.show === 'away');
    expect(first.server.attempts).to.have.length(1);
  });

  it('with another server or another domain stays signed out', async () => {
    const first = await accountChat();
    for (const options of [{ ...ACCOUNT, service: 'ws://localhost:5281/other' }, { ...ACCOUNT, domain: 'example.net' }]) {
      const second = await anotherOf(first, { options });
      expect(second.chat.signIn.peek()).to.equal('out');
      await second.chat.destroy();
    }
  });

  it('is signed out with the first, within a second, and nothing of the account stays on the device', async () => {
    const first = await accountChat();
    const second = await anotherOf(first);
    first.receive(BO, 'Private');
    await second.arrival(BO, 'Private');
    const started = performance.now();
    await second.chat.logOut();
    await until('the first', () => first.chat.signIn.peek() === 'out');
    expect(performance.now() - started).to.be.lessThan(1_000);
    await until('the socket to close', () => first.server.open === 0);
    const third = await anotherOf(first);
    expect(third.chat.signIn.peek()).to.equal('out');
    await third.chat.logIn('ana@example.org', 'secret');
    expect(third.model.conversations.peek()).to.deep.equal([]);
  });

  it('sees what waits to be sent before it signs out', async () => {
    const first = await accountChat();
    expect(await first.chat.unsent()).to.equal(0);
    first.server.reachability = 'refused';
    first.server.drop();
    await first.conversation(BO).send('Not yet');
    expect(await first.chat.unsent()).to.equal(1);
  });

  it('keeps what is stored if it is asked to', async () => {
    const first = await accountChat();
    first.receive(BO, 'To be kept');
    await first.arrival(BO, 'To be kept');
    await first.chat.logOut({ keep: true });
    await first.chat.logIn('ana@example.org', 'secret');
    expect(first.model.conversations.peek().map(({ preview }) => preview.peek()?.body)).to.deep.equal(['To be kept']);
  });

  it('is in as well when somebody comes in beside it, though it was at the login, and again after signing out', async () => {
    const one = idleChat({ options: ACCOUNT, script: ANA });
    await one.chat.start();
    const two = await anotherOf(one);
    expect(two.chat.signIn.peek()).to.equal('out');
    for (const [who, other] of [[one, two], [two, one]] as const) {
      await who.chat.logIn('ana@example.org', 'secret');
      await until('the other to be in', () => other.chat.signIn.peek() === 'in');
      expect([other.chat.address.peek(), one.server.open]).to.deep.equal(['ana@example.org', 1]);
      await who.chat.logOut();
      await until('the other to be out', () => other.chat.signIn.peek() === 'out');
    }
  });

  it('goes on when the first is closed where no keys serve twice, and leaves what was typed nowhere but in memory', async () => {
    for (const script of [{ accounts: { ana: 'secret 123' } }, { accounts: { ana: 'secret 123' }, mechanisms: ['PLAIN'] }]) {
      const one = idleChat({ options: ACCOUNT, script });
      await one.chat.start();
      await one.chat.logIn('ana@example.org', 'secret 123', { stay: true });
      await one.online();
      const two = await anotherOf(one);
      const three = await anotherOf(one);
      await one.chat.destroy();
      await until('a second connection', () => one.server.attempts.length === 2);
      await two.online();
      await two.chat.destroy();
      await until('a third', () => one.server.attempts.length === 3);
      await three.online();
      expect([three.chat.signIn.peek(), three.chat.refused.peek()]).to.deep.equal(['in', undefined]);
      expect(await stored(one.database)).not.to.contain('secret 123');
      await endChats();
    }
  });

  it('goes on when the first is closed, without a login of its own and without losing who is there', async () => {
    const roster = `<item jid='${BO}' name='Bo' subscription='both'/>`;
    const first = await accountChat({ script: { ...ANA, roster } });
    first.server.push(`<presence xmlns='jabber:client' from='${BO}/phone'><show>away</show></presence>`);
    const second = await anotherOf(first);
    await until('Bo', () => second.conversation(BO).presence.peek()?.show === 'away');
    await first.chat.destroy();
    await until('another connection', () => first.server.attempts.length === 2);
    await until('online', () => second.chat.status.peek().name === 'online', () => JSON.stringify(second.chat.status.peek()), 6_000);
    await second.conversation(BO).send('Here I am');
    await second.state(BO, 'Here I am', 'sent');
  });

  it('runs the handlers of its plugins only while it holds the session', async () => {
    const said: string[] = [];
    const noting = (who: string) => definePlugin({
      id: 'noting',
      setup: ctx => {
        const live = ctx.live('count', 0);
        ctx.whileOnline(() => {
          said.push(`${who} online`);
          live.value = live.peek() + 1;
        });
      },
    });
    const first = await accountChat({ script: ANA, plugins: [noting('first')] });
    const second = await anotherOf(first, { plugins: [noting('second')] });
    await settle();
    expect(said).to.deep.equal(['first online']);
    await first.chat.destroy();
    await until('the second', () => said.includes('second online'));
    expect(second.chat.signIn.peek()).to.equal('in');
  });

  it('shows what was known of somebody typing', async () => {
    const first = await visitorChat();
    const second = await another(first);
    first.receive(SUPPORT, 'Hi', "<active xmlns='http://jabber.org/protocol/chatstates'/>");
    await second.arrival(SUPPORT, 'Hi');
    first.server.push(`<message xmlns='jabber:client' type='chat' from='${SUPPORT}' to='${first.server.jid}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`);
    const { chatStates } = await import('../../src/features/chat-states.js');
    const states = second.chat.registry.find(chatStates).peek()?.value;
    await until('typing', () => states?.composing(SUPPORT).peek().length === 1);
    states?.typed(SUPPORT, false);
    await until('our own', () => first.server.sent.some(({ children }) => children.some(part => typeof part !== 'string' && part.name === 'composing')));
  });
});

describe('tabs that browsers let know nothing of each other', () => {
  const { locks } = navigator;
  beforeEach(() => Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true }));
  afterEach(async () => {
    await endChats();
    Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
  });

  it('have a session each, say so once, and send each message once', async () => {
    const [one, two] = await visitors(2);
    expect(one.server.attempts).to.have.length(2);
    expect(one.log.filter(({ text }) => text.includes('each has a session of its own'))).to.have.length(1);
    await one.conversation(SUPPORT).send('From the first');
    await two.conversation(SUPPORT).send('From the second');
    await until('both', () => written(one.server).length === 2);
    await one.environment.advance(1_000);
    expect([...written(one.server)].sort()).to.deep.equal(['From the first', 'From the second']);
  });
});

describe('destroy of a chat with other tabs', () => {
  afterEach(endChats);

  for (const which of ['holder', 'follower'] as const) {
    it(`leaves no timer, listener, lock or channel of the ${which}, and the other goes on`, async () => {
      const [holder, follower] = await visitors(2);
      const [gone, stays] = which === 'holder' ? [holder, follower] : [follower, holder];
      let done = false;
      void gone.chat.destroy().then(() => (done = true));
      await until('the end', async () => {
        await gone.environment.advance(500);
        return done;
      });
      await settle();
      expect(gone.environment.left).to.equal(0);
      expect(gone.errors()).to.deep.equal([]);
      await until('the other', () => stays.chat.status.peek().name === 'online' && stays.server.open === 1);
      await stays.chat.destroy();
      await until('no lock', async () => !((await navigator.locks.query()).held ?? []).some(({ name }) => name?.includes(stays.database)));
      expect(stays.environment.left).to.equal(0);
      expect(stays.server.open).to.equal(0);
    });
  }
});

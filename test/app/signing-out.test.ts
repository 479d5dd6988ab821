import { expect } from '@open-wc/testing';
import { definePlugin } from '../../src/app/plugin.js';
import { accountChat, BO, endChats, idleChat, type HeadlessChat, type HeadlessOptions } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const ACCOUNT = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };

/** The same account in another tab. */
const anotherOf = async (first: HeadlessChat, options: Partial<HeadlessOptions> = {}): Promise<HeadlessChat> => {
  const tab = idleChat({ options: ACCOUNT, database: first.database, server: first.server, ...options });
  await tab.chat.start();
  return tab;
};
const opened = (name: string): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(new Error(String(opening.error)));
  });
/** All keys and rows of a database, as one text. */
const everything = async (name: string): Promise<string> => {
  const db = await opened(name);
  const ask = (asking: Pick<IDBRequest<unknown>, 'result' | 'error'> & { onsuccess: unknown; onerror: unknown }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(new Error(String(asking.error)));
    });
  const rows = [...db.objectStoreNames].flatMap(table => {
    const its = db.transaction(table).objectStore(table);
    return [ask(its.getAllKeys()), ask(its.getAll())];
  });
  const text = JSON.stringify(await Promise.all(rows));
  db.close();
  return text;
};
/** What the device keeps under an account, as `table key`. */
const kept = async (name: string, account = 'ana@example.org'): Promise<readonly string[]> => {
  const db = await opened(name);
  const rows = await Promise.all(
    [...db.objectStoreNames].map(
      table =>
        new Promise<readonly string[]>((resolve, reject) => {
          const asking = db.transaction(table).objectStore(table).getAllKeys();
          asking.onsuccess = () => resolve(asking.result.filter((key): key is IDBValidKey[] => Array.isArray(key) && key[0] === account).map(key => `${table} ${JSON.stringify(key)}`));
          asking.onerror = () => reject(new Error(String(asking.error)));
        }),
    ),
  );
  db.close();
  return rows.flat();
};

describe('signing out', () => {
  afterEach(endChats);

  for (const goes of ['hide', 'freeze'] as const) {
    it(`is for pages too that were put away (${goes}) when it was done`, async () => {
      const away = await accountChat();
      const other = await anotherOf(away);
      away.receive(BO, 'Private');
      await other.arrival(BO, 'Private');
      away.environment[goes]();
      await until('the other to go on', () => other.server.attempts.length > 1);
      let done = false;
      void other.chat.logOut().then(() => (done = true));
      // One that sleeps holds nobody up.
      await until('the wipe', async () => {
        await other.environment.advance(250);
        return done;
      });
      const attempts = away.server.attempts.length;
      away.environment.wake();
      await until('the end', async () => {
        await away.environment.advance(250);
        return away.chat.signIn.peek() === 'out';
      }, () => JSON.stringify([away.chat.signIn.peek(), away.chat.status.peek(), away.server.attempts.length]));
      await settle();
      expect(away.server.attempts).to.have.length(attempts);
      expect(await kept(away.database)).to.deep.equal([]);
    });
  }

  it('leaves nothing on the device by which the account is named', async () => {
    const it = idleChat({ options: ACCOUNT });
    await it.chat.start();
    await it.chat.logIn('ana@example.org', 'secret', { stay: true });
    await it.online();
    it.receive(BO, 'Private');
    await it.arrival(BO, 'Private');
    expect(await everything(it.database)).to.contain('ana');
    await it.chat.logOut();
    await settle();
    await it.environment.advance(5_000);
    expect(await everything(it.database)).not.to.match(/ana|bo@/u);
  });

  it('is done to the end, though the chat is ended in the next moment', async () => {
    const it = await accountChat();
    it.receive(BO, 'Private');
    await it.arrival(BO, 'Private');
    expect((await kept(it.database)).length).to.be.greaterThan(0);
    const out = it.chat.logOut();
    await it.chat.destroy();
    await out;
    expect(await kept(it.database)).to.deep.equal([]);
  });

  it('waits for no plugin that never ends', async () => {
    const stuck = definePlugin({ id: 'stuck', setup: ctx => void ctx.own(() => new Promise(() => undefined)) });
    const it = await accountChat({ plugins: [stuck] });
    it.receive(BO, 'Private');
    await it.arrival(BO, 'Private');
    let done = false;
    void it.chat.logOut().then(() => (done = true));
    await until('the end', async () => {
      await it.environment.advance(250);
      return done;
    });
    expect(await kept(it.database)).to.deep.equal([]);
  });

  it('leaves nothing that other tabs have still to write', async () => {
    const roster = `<item jid='${BO}' name='Bo' subscription='both'/>`;
    const first = await accountChat({ script: { accounts: { ana: 'secret' }, roster } });
    await until('the roster', () => first.model.contacts.peek());
    const second = await anotherOf(first);
    first.server.push(`<presence xmlns='jabber:client' from='${BO}/phone'><show>away</show></presence>`);
    await until('Bo', () => second.conversation(BO).presence.peek()?.show === 'away');
    second.conversation(BO).setDraft('half a');
    first.conversation(BO).setDraft('half a sentence');
    await second.chat.logOut();
    await until('the first', () => first.chat.signIn.peek() === 'out');
    await settle();
    await first.environment.advance(5_000);
    await settle();
    expect(await kept(first.database)).to.deep.equal([]);
  });
});

/** A whole conversation over a database one of whose requests goes wrong, each in turn: what the sweeps of the store's tests do. */
import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';
import type { Store } from '../../src/store/contract.js';
import { openStore } from '../../src/store/store.js';
import { faultyIndexedDB, pace, type Fault, type FaultyIndexedDB } from './faulty.js';
import { ANA, BO, all, attempt, entry, echo, live, quietLog } from './support.js';

/** What a page knows of a conversation that it had: what it was told is taken, and what it was allowed to write to a socket. */
interface Story {
  readonly store: Store;
  readonly taken: string[];
  /** What was taken while the store said that it is on the disk. */
  readonly durable: string[];
  readonly refused: string[];
  readonly sent: string[];
}

const MINE = ['one', 'two', 'three'];

/** A whole conversation: history, messages in, messages out and what became of them. */
const converse = async (name: string): Promise<Story> => {
  const store = await openStore({ name, log: quietLog().log });
  const [taken, durable, refused, sent]: [string[], string[], string[], string[]] = [[], [], [], []];
  const told = async (text: string, act: Promise<unknown>, into = taken): Promise<boolean> => {
    try {
      const said = await act;
      if (said !== false) into.push(text);
      if (into === taken && store.persistent.peek()) durable.push(text);
      return said !== false;
    } catch {
      // A person is told: it is still in the field where it was written, or on the server.
      refused.push(text);
      return false;
    }
  };
  await told('', store.ensureConversation(ANA, BO, 'direct'), []);
  await told('', store.conversations(ANA), []);
  await told('hello', store.ingest(ANA, [live('hello')]));
  for (const id of MINE) {
    if (!(await told(id, store.outbox.add(ANA, entry(id), echo(id))))) continue;
    // The last one waits for a connection.
    if (id !== 'three' && (await told(id, attempt(store, id, '<message/>'), sent))) {
      await told('', store.outbox.settle(ANA, [{ id, state: 'sent', keep: false }]), []);
    }
  }
  await told('', store.keyvalue.set(ANA, 'key', 1), []);
  await told('how are you', store.ingest(ANA, [live('how are you')]));
  await told('', store.updateConversation(ANA, BO, () => ({ draft: 'a draft' })), []);
  return { store, taken, durable, refused: refused.filter(Boolean), sent };
};

/** What must be so whatever went wrong. Whether anything did. */
const judge = async ({ store, taken, durable, refused, sent }: Story, faulty: FaultyIndexedDB, name: string, where: string): Promise<boolean> => {
  const shown = await all(store);
  const bodies = shown.map(({ body }) => body);
  expect([...bodies].sort(), `${where}: what was taken is shown, once`).to.deep.equal([...taken].sort());
  for (const text of [...MINE, 'hello', 'how are you']) expect(taken.includes(text) || refused.includes(text), `${where}: “${text}” is somewhere`).to.equal(true);
  const persistent = store.persistent.value;
  expect(store.trouble.value === undefined, where).to.equal(persistent);
  await store.close();
  faulty.restore();
  // The page is loaded again, and the disk is well.
  const next = await openStore({ name, log: quietLog().log });
  const left = await next.outbox.entries(ANA);
  const waiting = left.filter(({ attempted }) => !attempted).map(({ id }) => id);
  expect(waiting.filter(id => sent.includes(id)), `${where}: sent twice`).to.deep.equal([]);
  // Where there is no room to note that a message may have been sent, it is taken off the disk.
  const kept = durable.filter(text => !where.startsWith('full') || !sent.includes(text));
  expect((await all(next)).map(({ body }) => body), `${where}: what was on the disk`).to.include.members(kept);
  await next.close();
  return faulty.struck;
};

/** Has the conversation with a fault in it, and looks at what it left. */
const check = async (fault: Fault, at: number, onwards: boolean): Promise<boolean> => {
  const name = `test-${randomId()}`;
  const faulty = faultyIndexedDB(fault, at, onwards);
  const hurry = fault === 'hung' || fault === 'silent' ? pace(8) : undefined;
  try {
    const story = await converse(name);
    hurry?.();
    return await judge(story, faulty, name, `${fault} from request ${at}${onwards ? ' onwards' : ''}`);
  } finally {
    hurry?.();
    faulty.restore();
    indexedDB.deleteDatabase(name);
  }
};

/** How many requests the conversation makes where nothing goes wrong. */
const measure = async (): Promise<number> => {
  const faulty = faultyIndexedDB(undefined);
  const name = `test-${randomId()}`;
  const { store, taken, sent } = await converse(name);
  faulty.restore();
  await store.close();
  indexedDB.deleteDatabase(name);
  expect(taken).to.deep.equal(['hello', 'one', 'two', 'three', 'how are you']);
  expect(sent).to.deep.equal(['one', 'two']);
  return faulty.count;
};

/** A sweep takes long on a machine that does other things as well. */
const LONG_MS = 110_000;

/** Tests with a kind of fault in one of `step` requests of the conversation: alone from the first on, and with all that follow from the next on. */
export const sweep = (fault: Fault, step = 1): void => {
  for (const onwards of [false, true]) {
    it(`loses nothing, sends nothing twice and never hangs: ${fault}, ${onwards ? 'from some request on' : 'once'}`, async function () {
      this.timeout(LONG_MS);
      // A machine that is merely slow is no fault.
      const normal = pace(1_000);
      try {
        const count = await measure();
        expect(count).to.be.greaterThan(40);
        let struck = 0;
        for (let at = onwards ? step : 1; at <= count; at += step) struck += Number(await check(fault, at, onwards));
        expect(struck).to.be.greaterThan(5);
      } finally {
        normal();
      }
    });
  }
};

import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { Registry } from '../../src/base/slot.js';
import { direct } from '../../src/model/direct.js';
import { createOutbox } from '../../src/model/outbox.js';
import type { Session } from '../../src/xmpp/session.js';
import { claimed } from '../../src/xmpp/trouble.js';
import type { XmlElement } from '../../src/xmpp/xml.js';
import { ANA, BO, bodies, newStore, quietLog, removeStores } from '../store/support.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { bodyOf } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

/** Holds what passes until it is let go. */
const gate = () => {
  let open: () => void = () => undefined;
  let closed: Promise<void> = Promise.resolve();
  return {
    pass: () => closed,
    close: () => void (closed = new Promise(resolve => (open = resolve))),
    open: () => open(),
  };
};

/** An outbox over a store that can be emptied, and a session that takes things over when it is let. */
const setUp = async () => {
  const store = await newStore('memory');
  const { storage } = await store.hold(ANA);
  const taking = gate();
  const marked = gate();
  const reading = gate();
  const written: string[] = [];
  let handed = 0;
  let failure: ChatError | undefined;
  let told: () => void = () => undefined;
  const session = {
    online: { peek: () => true },
    lasting: true,
    status: { subscribe: () => () => undefined },
    on: () => () => undefined,
    onFate: () => () => undefined,
    expects: () => true,
    // As a stream does it: marked in the store, then written.
    send: async (stanza: XmlElement, claim: string) => {
      handed += 1;
      const error = failure;
      await taking.pass();
      if (error) throw error;
      const refused = await storage.save(() => undefined, [{ id: claim, xml: '<message/>' }]);
      await marked.pass();
      if (refused.has(claim)) throw claimed();
      written.push(bodyOf(stanza) ?? '');
    },
  } as unknown as Session;
  const entries: typeof store.outbox.entries = async account => {
    await reading.pass();
    return store.outbox.entries(account);
  };
  const held = { ...store, outbox: { ...store.outbox, entries }, onEmptied: (run: () => void) => ((told = run), () => undefined) };
  const environment = fakeEnvironment();
  const { log, entries: logged } = quietLog();
  const outbox = createOutbox({
    account: ANA, store: held, registry: new Registry(), environment, log,
    kind: () => direct, protection: () => Promise.resolve(null), announce: () => undefined,
  });
  outbox.attach(session);
  await settle();
  /** As a person does who clears the data of the site; what was marked is stored anew by the store itself. */
  const empty = async (): Promise<void> => {
    for (const { id, attempted } of await store.outbox.entries(ANA)) {
      if (attempted) continue;
      await store.outbox.remove(ANA, id);
      await store.deleteMessage(ANA, id);
    }
    told();
  };
  return {
    outbox, environment, taking, marked, reading, written, empty, logged,
    handed: () => handed,
    fail: (error?: ChatError) => void (failure = error),
    stored: () => store.outbox.entries(ANA),
    said: () => bodies(store),
  };
};

describe('what is to be sent when somebody clears the data of the site', () => {
  afterEach(removeStores);

  it('is stored again and sent once, where it was just being handed over', async () => {
    const { outbox, taking, handed, empty, written, said, logged } = await setUp();
    taking.close();
    await outbox.send(BO, direct, 'Hello');
    await until('its turn', () => handed() === 1);
    await empty();
    taking.open();
    await until('the message', () => written.length > 0);
    await settle();
    expect(written).to.deep.equal(['Hello']);
    expect(await said()).to.deep.equal(['Hello']);
    expect(logged).to.deep.equal([]);
  });

  it('is stored again and sent once, where the store failed as well', async () => {
    const { outbox, taking, handed, empty, written, said, fail } = await setUp();
    taking.close();
    fail(new ChatError('storage', 'failed', 'later'));
    await outbox.send(BO, direct, 'Hello');
    await until('its turn', () => handed() === 1);
    await empty();
    fail();
    taking.open();
    await until('the message', () => written.length > 0);
    await settle();
    expect(written).to.deep.equal(['Hello']);
    expect(await said()).to.deep.equal(['Hello']);
  });

  it('is stored again, where it was stored and not looked at yet', async () => {
    const { outbox, reading, empty, written, said } = await setUp();
    reading.close();
    await outbox.send(BO, direct, 'Hello');
    await empty();
    reading.open();
    await until('the message', () => written.length > 0);
    await settle();
    expect(written).to.deep.equal(['Hello']);
    expect(await said()).to.deep.equal(['Hello']);
  });

  it('keeps its order', async () => {
    const { outbox, environment, taking, handed, empty, written } = await setUp();
    taking.close();
    await outbox.send(BO, direct, 'one');
    await until('its turn', () => handed() === 1);
    for (const text of ['two', 'three']) {
      await environment.advance(1);
      await outbox.send(BO, direct, text);
    }
    await settle();
    await empty();
    taking.open();
    await until('all', () => written.length > 2);
    await settle();
    expect(written).to.deep.equal(['one', 'two', 'three']);
  });

  it('is not stored a second time where the stream has it', async () => {
    const { outbox, marked, handed, empty, written, stored } = await setUp();
    marked.close();
    await outbox.send(BO, direct, 'Hello');
    await until('its turn', () => handed() === 1);
    await until('the mark', async () => (await stored())[0]?.attempted);
    await empty();
    marked.open();
    await until('the message', () => written.length > 0);
    await settle();
    expect(written).to.deep.equal(['Hello']);
    expect((await stored()).map(({ attempted }) => attempted)).to.deep.equal([true]);
  });

  it('stays away where a person took it back meanwhile', async () => {
    const { outbox, taking, handed, empty, written, stored, said } = await setUp();
    taking.close();
    await outbox.send(BO, direct, 'Hello');
    await until('its turn', () => handed() === 1);
    const [entry] = await stored();
    await empty();
    await outbox.discard(entry?.id ?? '');
    taking.open();
    await settle();
    await outbox.send(BO, direct, 'Another');
    await until('the other', () => written.length > 0);
    await settle();
    expect(written).to.deep.equal(['Another']);
    expect(await said()).to.deep.equal(['Another']);
  });
});

import { expect } from '@open-wc/testing';
import { SELF } from '../../src/entities/message.js';
import type { Store } from '../../src/store/contract.js';
import { ANA, BO, KINDS, all, archived, bodies, copy, incoming, live, newStore, pageOf, record, removeStores } from './support.js';

afterEach(removeStores);

const EVE = 'eve@example.org';
const ids = (changes: { readonly messages: readonly { readonly id: string }[] }): readonly string[] => changes.messages.map(({ id }) => id);

for (const kind of KINDS) {
  describe(`messages in ${kind}`, () => {
    it('are kept in the order in which they came', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('a'), live('b')]);
      await store.ingest(ANA, [live('c')]);
      expect(await bodies(store)).to.deep.equal(['a', 'b', 'c']);
    });

    it('do not follow their time', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('new', { time: 5000 }), live('a year wrong', { time: 1 })]);
      expect(await bodies(store)).to.deep.equal(['new', 'a year wrong']);
    });

    it('say everything that their copies said', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [incoming(copy('hello', { messageId: 'm', originId: 'o', time: 70 }))]);
      await store.ingest(ANA, [incoming(copy('hello', { messageId: 'm', originId: 'o', time: 60, timeSource: 'archive', archiveId: { by: ANA, id: '1' } }))]);
      const [message] = await all(store);
      expect({ ...message, id: '', position: '' }).to.deep.equal({
        id: '', account: ANA, conversation: BO, position: '', sender: BO, mine: false, body: 'hello', time: 60, messageId: 'm', originId: 'o', archiveIds: [{ by: ANA, id: '1' }],
      });
    });

    it('announce what is new as new, and a second sighting not at all', async () => {
      const store = await newStore(kind);
      const its = live('hello');
      const first = await store.ingest(ANA, [its]);
      expect(first.messages.map(({ after, new: fresh }) => [after?.body, fresh])).to.deep.equal([['hello', true]]);
      expect(first.conversations.map(({ id, preview }) => [id, preview?.body])).to.deep.equal([[BO, 'hello']]);
      expect(await store.ingest(ANA, [its])).to.deep.equal({ messages: [], conversations: [] });
      expect(await store.ingest(ANA, [{ ...its, copy: { ...its.copy, time: its.copy.time + 5 } }])).to.deep.equal({ messages: [], conversations: [] });
    });

    it('announce a better copy as a change of the same message', async () => {
      const store = await newStore(kind);
      const its = incoming(copy(null, { messageId: 'm' }));
      const [first] = ids(await store.ingest(ANA, [its]));
      const changes = await store.ingest(ANA, [incoming(copy('now readable', { messageId: 'm' }))]);
      expect(changes.messages.map(({ id, after, new: fresh }) => [id, after?.body, fresh])).to.deep.equal([[first, 'now readable', undefined]]);
      expect((await store.ingest(ANA, [its])).messages).to.deep.equal([]);
      expect(await bodies(store)).to.deep.equal(['now readable']);
    });

    it('become one when a copy connects them, and say which one is gone', async () => {
      const store = await newStore(kind);
      const before = ids(await store.ingest(ANA, [incoming(copy('a', { messageId: '', originId: 'o' })), incoming(copy('a', { messageId: '', archiveId: { by: ANA, id: '1' } }))]));
      const changes = await store.ingest(ANA, [incoming(copy('a', { messageId: '', originId: 'o', archiveId: { by: ANA, id: '1' } }))]);
      expect([...ids(changes)].sort()).to.deep.equal([...before].sort());
      expect(changes.messages.filter(({ after }) => after === undefined).length).to.equal(1);
      expect((await all(store)).map(({ id }) => id)).to.deep.equal(before.slice(0, 1));
      expect((await record(store)).unread).to.deep.equal({ kind: 'exact', count: 1 });
    });

    it('meet what they share a key with only through another message', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [
        incoming(copy(null, { messageId: 'm', originId: 'o' })),
        incoming(copy('a', { messageId: 'm' })),
        incoming(copy('b', { messageId: 'm' })),
      ]);
      expect((await bodies(store)).length).to.equal(2);
      await store.ingest(ANA, [incoming(copy('b', { messageId: '', originId: 'o' }))]);
      expect((await all(store)).map(({ body, originId }) => [body, originId]).sort()).to.deep.equal([['a', undefined], ['b', 'o']]);
    });

    it('without any id are each a message of their own', async () => {
      const store = await newStore(kind);
      const nameless = incoming(copy('ok', { messageId: '' }));
      await store.ingest(ANA, [nameless, nameless]);
      await store.ingest(ANA, [nameless]);
      expect(await bodies(store)).to.deep.equal(['ok', 'ok', 'ok']);
    });

    it('of two conversations or two accounts never meet', async () => {
      const store = await newStore(kind);
      const its = copy('hello', { messageId: 'm', originId: 'o', archiveId: { by: ANA, id: '1' } });
      await store.ingest(ANA, [incoming(its), incoming({ ...its, body: 'other' }, { conversation: EVE })]);
      await store.ingest('visitor:x', [incoming({ ...its, body: 'third' })]);
      expect(await bodies(store)).to.deep.equal(['hello']);
      expect(await bodies(store, EVE)).to.deep.equal(['other']);
      expect((await store.page('visitor:x', BO, { limit: 9 })).map(({ body }) => body)).to.deep.equal(['third']);
    });

    it('can be read in pages from both ends', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, Array.from({ length: 10 }, (_, index) => live(`${index}`)));
      await store.ingest(ANA, [incoming(copy('another'), { conversation: 'aa@example.org' }), incoming(copy('another'), { conversation: 'zz@example.org' })]);
      const read = async (request: Parameters<Store['page']>[2]): Promise<string> => (await store.page(ANA, BO, request)).map(({ body }) => body).join('');
      const position = async (index: number): Promise<string> => (await all(store))[index]?.position ?? '';
      expect(await read({ limit: 3 })).to.equal('789');
      expect(await read({ limit: 1 })).to.equal('9');
      expect(await read({ limit: 30 })).to.equal('0123456789');
      expect(await read({ before: await position(7), limit: 3 })).to.equal('456');
      expect(await read({ before: await position(2), limit: 3 })).to.equal('01');
      expect(await read({ before: await position(0), limit: 3 })).to.equal('');
      expect(await read({ after: await position(7), limit: 3 })).to.equal('89');
      expect(await read({ after: await position(2), limit: 3 })).to.equal('345');
      expect(await store.page(ANA, 'nobody@example.org', { limit: 3 })).to.deep.equal([]);
    });

    it('are found by what another copy of them says', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [incoming(copy('secret', { messageId: 'm', originId: 'o' }))]);
      expect((await store.sighted(ANA, BO, copy(null, { messageId: 'm' })))?.body).to.equal('secret');
      expect((await store.sighted(ANA, BO, copy(null, { messageId: '', originId: 'o', archiveId: { by: ANA, id: '1' } })))?.body).to.equal('secret');
      expect(await store.sighted(ANA, BO, copy(null, { messageId: 'm', sender: EVE }))).to.equal(undefined);
      expect(await store.sighted(ANA, BO, copy('other', { messageId: 'm' }))).to.equal(undefined);
      expect(await store.sighted(ANA, BO, copy('secret', { messageId: '' }))).to.equal(undefined);
    });

    it('can be taken away, and the preview falls back', async () => {
      const store = await newStore(kind);
      const [, second] = ids(await store.ingest(ANA, [live('a'), live('b')]));
      const changes = await store.deleteMessage(ANA, second ?? '');
      expect(changes.messages).to.deep.equal([{ id: second, conversation: BO }]);
      expect(changes.conversations.map(({ preview, unread }) => [preview?.body, unread])).to.deep.equal([['a', { kind: 'exact', count: 1 }]]);
      expect(await store.deleteMessage(ANA, second ?? '')).to.deep.equal({ messages: [], conversations: [] });
      expect(await bodies(store)).to.deep.equal(['a']);
    });

    it('of a sender who gives everything one id are kept, as the archive tells them apart', async () => {
      const store = await newStore(kind);
      const bot = Array.from({ length: 300 }, (_, index) => archived(`a${index}`, 'beep', { messageId: 'always', originId: 'always-too' })).map((its, index) => ({ ...its, copy: { ...its.copy, body: `beep ${index}` } }));
      for (let start = 0; start < 300; start += 100) await store.ingest(ANA, bot.slice(start, start + 100));
      await store.ingest(ANA, bot.slice(0, 50));
      expect((await bodies(store)).length).to.equal(300);
    });
  });

  describe(`a conversation in ${kind}`, () => {
    it('is made by its first message, of the kind that the message says', async () => {
      const store = await newStore(kind);
      expect(await store.conversations(ANA)).to.deep.equal([]);
      await store.ingest(ANA, [incoming(copy('a'), { kind: 'room' })]);
      expect((await record(store)).kind).to.equal('room');
      expect((await store.conversations(ANA)).length).to.equal(1);
    });

    it('can be made empty, once', async () => {
      const store = await newStore(kind);
      const made = await store.ensureConversation(ANA, BO, 'direct');
      expect(made.conversations).to.deep.equal([{ account: ANA, id: BO, kind: 'direct', protection: null, readPosition: '', answered: false, draft: '', unread: { kind: 'exact', count: 0 } }]);
      expect((await store.ensureConversation(ANA, BO, 'room')).conversations).to.deep.equal([]);
    });

    it('keeps a draft and the seal that it asks for', async () => {
      const store = await newStore(kind);
      await store.ensureConversation(ANA, BO, 'direct');
      await store.updateConversation(ANA, BO, () => ({ draft: 'Dear' }));
      const changes = await store.updateConversation(ANA, BO, ({ draft }) => ({ protection: `seals ${draft}` }));
      expect(changes.conversations.map(({ draft, protection }) => [draft, protection])).to.deep.equal([['Dear', 'seals Dear']]);
      expect((await store.updateConversation(ANA, BO, () => ({ draft: 'Dear' }))).conversations).to.deep.equal([]);
      expect((await store.updateConversation(ANA, EVE, () => ({ draft: 'Dear' }))).conversations).to.deep.equal([]);
      await store.ingest(ANA, [live('a')]);
      expect(await record(store)).to.include({ draft: 'Dear', protection: 'seals Dear' });
    });

    it('is answered once an own message is in it', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('a')]);
      expect((await record(store)).answered).to.equal(false);
      const changes = await store.ingest(ANA, [live('b', { sender: SELF })]);
      expect(changes.conversations.map(({ answered, preview }) => [answered, preview?.mine])).to.deep.equal([[true, true]]);
      await store.ingest(ANA, [live('c')]);
      expect((await record(store)).answered).to.equal(true);
    });

    it('shows the newest message by its place, never a late copy of an old one', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [archived('n3')], { page: pageOf(['n3']) });
      await store.ingest(ANA, [archived('n1', 'n1', { time: 9e9 }), archived('n2')], { page: pageOf(['n1', 'n2'], { before: 'n3' }) });
      expect((await record(store)).preview?.body).to.equal('n3');
    });
  });

  describe(`what plugins write with messages in ${kind}`, () => {
    it('is stored with them, and sees what was written before', async () => {
      const store = await newStore(kind);
      await store.keyvalue.set(ANA, 'ratchet', 1);
      const step = { commitWith: [async (tx: Parameters<NonNullable<NonNullable<Parameters<Store['ingest']>[2]>['commitWith']>[number]>[0]) => tx.set(ANA, 'ratchet', ((await tx.get<number>(ANA, 'ratchet')) ?? 0) + 1)] };
      await store.ingest(ANA, [live('a')], { commitWith: [...step.commitWith, ...step.commitWith, tx => tx.set(ANA, 'gone', true), tx => tx.delete(ANA, 'gone')] });
      expect(await store.keyvalue.get(ANA, 'ratchet')).to.equal(3);
      expect(await store.keyvalue.get(ANA, 'gone')).to.equal(undefined);
    });

    it('is not stored without them, nor they without it', async () => {
      const store = await newStore(kind);
      const fail = store.ingest(ANA, [live('a')], {
        commitWith: [
          tx => tx.set(ANA, 'ratchet', 1),
          () => {
            throw new Error('broken plugin');
          },
        ],
      });
      const error = await fail.then(() => undefined, (thrown: unknown) => thrown);
      expect(error).to.include({ domain: 'storage', code: 'failed' });
      expect(await store.keyvalue.get(ANA, 'ratchet')).to.equal(undefined);
      expect(await bodies(store)).to.deep.equal([]);
      await store.ingest(ANA, [live('b')]);
      expect(await bodies(store)).to.deep.equal(['b']);
    });

    it('makes all of it fail when it cannot be stored', async () => {
      const store = await newStore(kind);
      const error = await store.ingest(ANA, [live('a')], { commitWith: [tx => tx.set(ANA, 'a value', 1), tx => tx.set(ANA, 'a function', () => undefined)] }).then(() => undefined, (thrown: unknown) => thrown);
      expect(error).to.include({ domain: 'storage' });
      expect(await store.keyvalue.get(ANA, 'a value')).to.equal(undefined);
      expect(await bodies(store)).to.deep.equal([]);
    });
  });

  describe(`accounts in ${kind}`, () => {
    it('are removed whole, and nothing else is', async () => {
      const store = await newStore(kind);
      for (const account of [ANA, `${ANA}x`, '']) {
        await store.ingest(account, [archived('n1')], { page: pageOf(['n1']) });
        await store.keyvalue.set(account, 'key', account);
        await store.outbox.add(account, { id: 'e', account, conversation: BO, kind: 'direct', messageId: 'e', draft: { secret: {}, open: {}, sealedBy: null }, attempted: false, order: 1 }, live('echo', { sender: SELF }));
      }
      const left = async (account: string) => [
        (await store.conversations(account)).length,
        (await store.page(account, BO, { limit: 9 })).length,
        await store.coverage(account, ANA, BO),
        (await store.outbox.entries(account)).length,
        await store.keyvalue.get(account, 'key'),
      ];
      const before = await left(`${ANA}x`);
      await store.deleteAccount(ANA);
      expect(await left(ANA)).to.deep.equal([0, 0, undefined, 0, undefined]);
      expect(await left(`${ANA}x`)).to.deep.equal(before);
      await store.deleteAccount('');
      expect(await left('')).to.deep.equal([0, 0, undefined, 0, undefined]);
      expect(await left(`${ANA}x`)).to.deep.equal(before);
    });
  });
}

import { expect } from '@open-wc/testing';
import { SELF, type DeliveryState, type Message } from '../../src/entities/message.js';
import type { Store } from '../../src/store/contract.js';
import { ANA, BO, KINDS, all, archived, attempt, copy, echo, entry, incoming, live, newStore, pageOf, removeStores, write } from './support.js';

afterEach(removeStores);

const state = async (store: Store, id: string): Promise<DeliveryState | undefined> => (await store.message(ANA, id))?.state;
const waiting = async (store: Store): Promise<readonly string[]> => (await store.outbox.entries(ANA)).map(({ id }) => id);
const settle = (store: Store, id: string, to: DeliveryState, keep = false) => store.outbox.settle(ANA, [{ id, state: to, keep }]);
/** The message as the archive or another device shows it. */
const seen = (id: string, more = {}) => incoming(copy(id, { sender: SELF, messageId: `sent-${id}`, originId: `sent-${id}`, ...more }), { state: 'sent' });

for (const kind of KINDS) {
  describe(`outbox in ${kind}`, () => {
    it('keeps an entry and its echo under one id', async () => {
      const store = await newStore(kind);
      const changes = await write(store, 'x');
      expect(changes.messages.map(({ id, after, new: fresh }) => [id, after?.body, after?.mine, after?.state, fresh])).to.deep.equal([['x', 'x', true, 'queued', true]]);
      expect(changes.conversations.map(({ answered }) => answered)).to.deep.equal([true]);
      expect(await waiting(store)).to.deep.equal(['x']);
      expect((await all(store)).map(({ id }) => id)).to.deep.equal(['x']);
    });

    it('gives its entries in the order of writing', async () => {
      const store = await newStore(kind);
      for (const [id, order] of [['a', 3], ['b', 1], ['c', 2]] as const) await write(store, id, { order });
      expect(await waiting(store)).to.deep.equal(['b', 'c', 'a']);
    });

    it('lets only one page write an entry to a socket', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      expect(await Promise.all([attempt(store, 'x', '<a/>'), attempt(store, 'x', '<b/>')])).to.deep.equal([true, false]);
      expect((await store.outbox.entries(ANA)).map(({ sealed, attempted }) => [sealed, attempted])).to.deep.equal([['<a/>', true]]);
      await store.outbox.release(ANA, entry('x'));
      expect((await store.outbox.entries(ANA)).map(({ sealed, attempted }) => [sealed, attempted]), 'as it was before').to.deep.equal([[undefined, false]]);
      expect(await attempt(store, 'x', '<c/>')).to.equal(true);
    });

    it('does not bring back an entry that is gone', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      await store.outbox.remove(ANA, 'x');
      expect(await attempt(store, 'x', '<a/>')).to.equal(false);
      await store.outbox.release(ANA, entry('x'));
      expect(await waiting(store)).to.deep.equal([]);
    });

    it('settles: writes the state, and drops the entry unless it is kept', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      await write(store, 'y');
      const changes = await store.outbox.settle(ANA, [{ id: 'x', state: 'sent', keep: false }, { id: 'y', state: 'failed', keep: true, error: { code: 'not-sealed' } }]);
      expect(changes.messages.map(({ id, after }) => [id, after?.state, after?.error])).to.deep.equal([['x', 'sent', undefined], ['y', 'failed', { code: 'not-sealed' }]]);
      expect(await waiting(store)).to.deep.equal(['y']);
    });

    it('never takes a state back when it settles', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      await store.updateMessage(ANA, 'x', () => ({ state: 'delivered' }));
      expect((await settle(store, 'x', 'sent')).messages).to.deep.equal([]);
      expect((await store.outbox.settle(ANA, [{ id: 'x', state: 'failed', keep: false, error: { code: 'gone' } }])).messages).to.deep.equal([]);
      expect(await state(store, 'x')).to.equal('delivered');
      expect(await waiting(store)).to.deep.equal([]);
    });

    it('lets a person try again what failed, and forgets the reason', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      await store.outbox.settle(ANA, [{ id: 'x', state: 'failed', keep: true, error: { code: 'not-sealed' } }]);
      await store.updateMessage(ANA, 'x', () => ({ state: 'queued' }));
      expect(await store.message(ANA, 'x')).to.include({ state: 'queued' }).and.not.have.property('error');
      await store.updateMessage(ANA, 'x', () => ({ state: 'sending' }));
      await settle(store, 'x', 'sent');
      expect(await state(store, 'x')).to.equal('sent');
    });

    it('makes a message of a draft in one go, and leaves any draft alone unless it is told', async () => {
      const store = await newStore(kind);
      await store.ensureConversation(ANA, BO, 'direct');
      await store.updateConversation(ANA, BO, () => ({ draft: 'x' }));
      expect((await write(store, 'y')).conversations.map(({ draft }) => draft)).to.deep.equal(['x']);
      const changes = await store.outbox.add(ANA, entry('x'), echo('x'), '');
      expect(changes.messages.map(({ after }) => after?.body)).to.deep.equal(['x']);
      expect(changes.conversations.map(({ draft }) => draft)).to.deep.equal(['']);
      expect((await store.conversation(ANA, BO))?.draft).to.equal('');
    });

    it('writes anew, under the same id, what the server had taken and refused', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      await settle(store, 'x', 'sent');
      await store.updateMessages(ANA, [{ find: { conversation: BO, messageId: 'sent-x' }, change: () => ({ state: 'failed', error: { code: 'service-unavailable' } }) }]);
      const changes = await store.outbox.add(ANA, entry('x'), echo('x'));
      expect(changes.messages.map(({ id, after, new: fresh }) => [id, after?.state, after?.error, fresh])).to.deep.equal([['x', 'queued', undefined, undefined]]);
      expect((await all(store)).length).to.equal(1);
      expect(await waiting(store)).to.deep.equal(['x']);
    });
  });

  describe(`an own message that is seen again, in ${kind}`, () => {
    for (const [how, sight] of [
      ['live', (store: Store) => store.ingest(ANA, [seen('x')])],
      ['in the archive', (store: Store) => store.ingest(ANA, [seen('x', { archiveId: { by: ANA, id: '1' }, timeSource: 'archive' })], { page: pageOf(['1']) })],
    ] as const) {
      it(`${how}, was sent, if a write had begun`, async () => {
        const store = await newStore(kind);
        await write(store, 'x');
        await attempt(store, 'x', '<message/>');
        await store.updateMessage(ANA, 'x', () => ({ state: 'unconfirmed' }));
        const changes = await sight(store);
        expect(changes.messages.map(({ id, after }) => [id, after?.state])).to.deep.equal([['x', 'sent']]);
        expect(await waiting(store)).to.deep.equal([]);
      });

      it(`${how}, is still to be sent, if a person asked for it and no write has begun`, async () => {
        const store = await newStore(kind);
        await write(store, 'x');
        await sight(store);
        expect(await state(store, 'x')).to.equal('queued');
        expect(await waiting(store)).to.deep.equal(['x']);
      });

      it(`${how}, does not fall back from delivered`, async () => {
        const store = await newStore(kind);
        await write(store, 'x');
        await settle(store, 'x', 'delivered');
        await sight(store);
        expect(await state(store, 'x')).to.equal('delivered');
      });
    }

    it('keeps the id under which the outbox knows it, whatever it merges with', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [archived('1', 'x', { sender: SELF, messageId: '' })]);
      await write(store, 'x');
      await store.ingest(ANA, [seen('x', { archiveId: { by: ANA, id: '1' } })]);
      expect((await all(store)).map(({ id }) => id)).to.deep.equal(['x']);
    });

    it('comes from another device as sent', async () => {
      const store = await newStore(kind);
      const changes = await store.ingest(ANA, [seen('x')]);
      expect(changes.messages.map(({ after }) => after?.state)).to.deep.equal(['sent']);
    });
  });

  describe(`updates of messages in ${kind}`, () => {
    it('find own messages by the id under which they were sent, and nobody else’s', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('theirs', { messageId: 'sent-x' })]);
      await write(store, 'x');
      const changed: Message[] = [];
      await store.updateMessages(ANA, [
        { find: { conversation: BO, messageId: 'sent-x' }, change: message => void changed.push(message) },
        { find: { conversation: 'eve@example.org', messageId: 'sent-x' }, change: message => void changed.push(message) },
        { find: { conversation: BO, messageId: '' }, change: message => void changed.push(message) },
        { find: { id: 'nothing' }, change: message => void changed.push(message) },
      ]);
      expect(changed.map(({ id }) => id)).to.deep.equal(['x']);
    });

    it('see what an earlier update of the same batch made, and announce the end of it', async () => {
      const store = await newStore(kind);
      await write(store, 'x');
      const find = { conversation: BO, messageId: 'sent-x' };
      const changes = await store.updateMessages(ANA, [
        { find, change: () => ({ state: 'sent' }) },
        { find: { id: 'x' }, change: ({ state: now }) => (now === 'sent' ? { state: 'delivered' } : undefined) },
        { find, change: () => undefined },
      ]);
      expect(changes.messages.map(({ id, after }) => [id, after?.state])).to.deep.equal([['x', 'delivered']]);
      expect((await store.updateMessages(ANA, [{ find, change: () => ({ state: 'delivered' }) }])).messages).to.deep.equal([]);
    });
  });
}

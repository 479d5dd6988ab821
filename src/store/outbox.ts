/** What was written here and has not been settled. Strictly durable: what a person wrote is on the disk before anything says so. */
import type { Changes, Outbox, OutboxEntry } from './contract.js';
import { CONVERSATION_TABLES, NOTHING } from './conversations.js';
import { later } from './delivery.js';
import { takeIn } from './ingest.js';
import { updateAll } from './messages.js';
import type { Fence } from './fence.js';
import type { Database, Transaction } from './port.js';

/** An entry that is to be written. */
const queue = (tx: Transaction, account: string, entry: OutboxEntry): Promise<Changes> => {
  tx.put('outbox', { ...entry, account, attempted: false, parked: false });
  return updateAll(tx, account, [{ find: { id: entry.id }, change: () => ({ state: 'queued' }) }]);
};

export const createOutbox = (database: Database, fence: Fence): Outbox => ({
  entries: account => database.read(['outbox'], async tx => [...(await tx.all('outbox', { prefix: [account] }))].sort((a, b) => a.order - b.order)),
  add: (account, entry, echo, draft) =>
    database.change(
      [...CONVERSATION_TABLES, 'outbox'],
      tx => {
        tx.put('outbox', { ...entry, account });
        return takeIn(tx, { account, conversation: echo.conversation, copies: [{ ...echo, id: entry.id }], echo: true, draft });
      },
      'strict',
    ),
  release: (account, entry) => fence.change(account, ['messages', 'outbox'], async tx => ((await tx.get('outbox', [account, entry.id])) ? queue(tx, account, entry) : NOTHING), 'strict'),
  again: (account, id) =>
    database.change(
      ['messages', 'outbox'],
      async tx => {
        const entry = await tx.get('outbox', [account, id]);
        return entry ? queue(tx, account, entry) : NOTHING;
      },
      'strict',
    ),
  settle: (account, settlements) =>
    fence.change(
      account,
      ['messages', 'outbox'],
      async tx => {
        for (const { id, state, keep } of settlements) {
          const entry = keep && state === 'failed' && (await tx.get('outbox', [account, id]));
          if (entry) tx.put('outbox', { ...entry, parked: true });
          else if (!keep) tx.delete('outbox', [account, id]);
        }
        // An acknowledgement that comes after the receipt takes nothing back.
        return updateAll(
          tx,
          account,
          settlements.map(({ id, state, error }) => ({
            find: { id },
            change: message => (later(message.state, state) === message.state ? undefined : { state, ...(error ? { error } : {}) }),
          })),
        );
      },
      'strict',
    ),
  remove: (account, id) => database.change(['outbox'], tx => tx.delete('outbox', [account, id]), 'strict'),
});

/** What was written here and has not been settled. Strictly durable: what a person wrote is on the disk before anything says so. */
import type { Outbox } from './contract.js';
import { CONVERSATION_TABLES } from './conversations.js';
import { later } from './delivery.js';
import { takeIn } from './ingest.js';
import { updateAll } from './messages.js';
import type { Database } from './port.js';

export const createOutbox = (database: Database): Outbox => ({
  entries: account => database.read(['outbox'], async tx => [...(await tx.all('outbox', { prefix: [account] }))].sort((a, b) => a.order - b.order)),
  add: (account, entry, echo) =>
    database.change(
      [...CONVERSATION_TABLES, 'outbox'],
      tx => {
        tx.put('outbox', { ...entry, account });
        return takeIn(tx, { account, conversation: echo.conversation, copies: [{ ...echo, id: entry.id }], echo: true });
      },
      'strict',
    ),
  attempt: (account, id, sealed) =>
    database.change(
      ['outbox'],
      async tx => {
        const entry = await tx.get('outbox', [account, id]);
        if (!entry || entry.attempted) return false;
        tx.put('outbox', { ...entry, sealed, attempted: true });
        return true;
      },
      'strict',
    ),
  release: (account, entry) =>
    database.change(
      ['outbox'],
      async tx => {
        if (await tx.get('outbox', [account, entry.id])) tx.put('outbox', { ...entry, account, attempted: false });
      },
      'strict',
    ),
  settle: (account, settlements) =>
    database.change(
      ['messages', 'outbox'],
      tx => {
        for (const { id, keep } of settlements) if (!keep) tx.delete('outbox', [account, id]);
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

/** Messages as the model asks for them: pages of them, what came in, and what became of them. */
import { SELF } from '../entities/message.js';
import type { IncomingCopy } from '../entities/copy.js';
import type { Changes, MessageUpdateRequest, Store } from './contract.js';
import { CONVERSATION_TABLES, NOTHING, recordOf, view, withPreview } from './conversations.js';
import { withState } from './delivery.js';
import { failure } from './failure.js';
import type { Fence } from './fence.js';
import { sighted, takeIn } from './ingest.js';
import { isUnread, toMessage } from './row.js';
import type { Database, Transaction } from './port.js';
import { senderKey, type Row } from './schema.js';

type Messages = Pick<Store, 'page' | 'message' | 'reread' | 'ingest' | 'coverage' | 'sighted' | 'updateMessage' | 'updateMessages' | 'deleteMessage'>;

const together = (all: readonly Changes[]): Changes => ({ messages: all.flatMap(({ messages }) => messages), conversations: all.flatMap(({ conversations }) => conversations) });

/** The own message that was sent under an id, the newest if there are several. */
const ownRow = async (tx: Transaction, account: string, conversation: string, messageId: string): Promise<Row | undefined> =>
  messageId
    ? (await tx.bearing(senderKey(account, conversation, SELF, messageId), 100)).reduce<Row | undefined>((newest, row) => (newest && newest.position > row.position ? newest : row), undefined)
    : undefined;

/** Changes states and errors; a later change of the same message sees what an earlier one made of it. */
export const updateAll = async (tx: Transaction, account: string, updates: readonly MessageUpdateRequest[]): Promise<Changes> => {
  const found = await Promise.all(updates.map(({ find }) => ('id' in find ? tx.get('messages', [account, find.id]) : ownRow(tx, account, find.conversation, find.messageId))));
  const changed = new Map<string, Row>();
  for (const [index, row] of found.entries()) {
    const now = row && (changed.get(row.id) ?? row);
    const patch = now && updates[index]?.change(toMessage(now));
    if (!patch) continue;
    const next = withState(now, patch.state ?? now.state, patch.error ?? now.error);
    if (next.state !== now.state || JSON.stringify(next.error) !== JSON.stringify(now.error)) changed.set(next.id, next);
  }
  for (const row of changed.values()) tx.put('messages', row);
  return { messages: [...changed.values()].map(row => ({ id: row.id, conversation: row.conversation, after: toMessage(row) })), conversations: [] };
};

/** What could not be loaded is as if the disk had failed: nothing is taken in, and it comes again. */
const loaded = <T>(loading: Promise<T>): Promise<T> =>
  loading.catch((error: unknown) => {
    throw failure(error);
  });

export const createMessages = (database: Database, fence: Fence): Messages => {
  const updateMessages: Messages['updateMessages'] = (account, updates) => fence.change(account, ['messages'], tx => updateAll(tx, account, updates));
  return {
    page: (account, conversation, { before, after, limit }) =>
      database.read(['messages'], async tx => {
        const bounds = { ...(before === undefined ? {} : { before }), ...(after === undefined ? { last: limit } : { after, first: limit }) };
        return (await tx.all('messages', { index: 'order', prefix: [account, conversation], ...bounds })).map(toMessage);
      }),
    message: (account, id) =>
      database.read(['messages'], async tx => {
        const row = await tx.get('messages', [account, id]);
        return row && toMessage(row);
      }),
    reread: (account, messages, conversations) =>
      database.read(CONVERSATION_TABLES, async tx => {
        const rows = await Promise.all(messages.map(({ id }) => tx.get('messages', [account, id])));
        const records = await Promise.all(conversations.map(id => recordOf(tx, account, id)));
        return {
          messages: messages.map((named, index) => {
            const row = rows[index];
            return row ? { ...named, after: toMessage(row) } : named;
          }),
          conversations: records.flatMap(([record, coverage]) => (record ? [view(record, coverage)] : [])),
        };
      }),
    ingest: async (account, copies, { commitWith = [], page } = {}) => {
      // Only who reads archives or writes with messages needs these, and they have to be there before the transaction begins.
      const place = page && (await loaded(import('./page-places.js'))).placePage;
      const runCommits = commitWith.length > 0 ? (await loaded(import('./commits.js'))).runCommits : undefined;
      const tables = new Set(CONVERSATION_TABLES);
      if (copies.some(({ state }) => state !== undefined)) tables.add('outbox');
      if (runCommits) tables.add('keyvalue');
      const groups = new Map<string, IncomingCopy[]>(page ? [[page.conversation, []]] : []);
      for (const copy of copies) groups.set(copy.conversation, [...(groups.get(copy.conversation) ?? []), copy]);
      return fence.change(account, [...tables], async tx => {
        await runCommits?.(tx, commitWith);
        const intakes = [...groups].map(([conversation, its]) => takeIn(tx, { account, conversation, copies: its, page: place && page.conversation === conversation ? { its: page, place } : undefined }));
        return together(await Promise.all(intakes));
      });
    },
    coverage: (account, archive, conversation) =>
      database.read(['coverage'], async tx => {
        const its = await tx.get('coverage', [account, conversation, archive]);
        return its?.ranges.map(({ start, end, fromStart }) => ({ startId: start.id, endId: end.id, fromStart }));
      }),
    sighted: (account, conversation, copy) => database.read(['messages'], tx => sighted(tx, account, conversation, copy)),
    updateMessage: (account, id, change) => updateMessages(account, [{ find: { id }, change }]),
    updateMessages,
    deleteMessage: (account, id) =>
      database.change(CONVERSATION_TABLES, async tx => {
        const row = await tx.get('messages', [account, id]);
        if (!row) return NOTHING;
        const { conversation } = row;
        tx.delete('messages', [account, id]);
        const messages = [{ id, conversation }];
        const [record, coverage] = await recordOf(tx, account, conversation);
        if (!record) return { messages, conversations: [] };
        const next = await withPreview(tx, { ...record, count: record.count - Number(isUnread(row, record.readPosition)) });
        tx.put('conversations', next);
        return { messages, conversations: [view(next, coverage)] };
      }),
  };
};

/** Records of conversations, and what is derived for them from their messages. */
import type { Changes, Store, StoredConversation } from './contract.js';
import { unreadOf } from './coverage.js';
import { toPreview } from './row.js';
import type { Database, Transaction } from './port.js';
import type { Coverage, StoredRecord, TableName } from './schema.js';

/** The tables that tell all about a conversation. */
export const CONVERSATION_TABLES: readonly TableName[] = ['conversations', 'messages', 'coverage'];

export const NOTHING: Changes = { messages: [], conversations: [] };

export const newRecord = (account: string, id: string, kind: string): StoredRecord => ({ account, id, kind, protection: null, readPosition: '', answered: false, draft: '', count: 0 });

/** A record, and what of the archives of its conversation is held. */
export const recordOf = (tx: Transaction, account: string, id: string): Promise<[StoredRecord | undefined, readonly Coverage[]]> =>
  Promise.all([tx.get('conversations', [account, id]), tx.all('coverage', { prefix: [account, id] })]);

/** A record as everybody above sees it. */
export const view = ({ count, ...record }: StoredRecord, coverage: readonly Coverage[]): StoredConversation => ({
  ...record,
  unread: unreadOf(count, coverage.flatMap(({ ranges }) => ranges), record.readPosition),
});

/** A record with the newest message as its preview: by position, so that a late copy of an old message never shows. */
export const withPreview = async (tx: Transaction, { preview: _preview, ...record }: StoredRecord): Promise<StoredRecord> => {
  const [newest] = await tx.all('messages', { index: 'order', prefix: [record.account, record.id], last: 1 });
  return newest ? { ...record, preview: toPreview(newest) } : record;
};

type Conversations = Pick<Store, 'conversations' | 'conversation' | 'ensureConversation' | 'updateConversation'>;

export const createConversations = (database: Database): Conversations => ({
  conversations: account =>
    database.read(['conversations', 'coverage'], async tx => {
      const [records, coverage] = await Promise.all([tx.all('conversations', { prefix: [account] }), tx.all('coverage', { prefix: [account] })]);
      return records.map(record => view(record, coverage.filter(({ conversation }) => conversation === record.id)));
    }),
  conversation: (account, id) =>
    database.read(['conversations', 'coverage'], async tx => {
      const [record, coverage] = await recordOf(tx, account, id);
      return record && view(record, coverage);
    }),
  ensureConversation: (account, id, kind) =>
    database.change(['conversations', 'coverage'], async tx => {
      const [present, coverage] = await recordOf(tx, account, id);
      if (present) return NOTHING;
      const record = newRecord(account, id, kind);
      tx.put('conversations', record);
      return { messages: [], conversations: [view(record, coverage)] };
    }),
  updateConversation: (account, id, change) =>
    database.change(CONVERSATION_TABLES, async tx => {
      const [record, coverage] = await recordOf(tx, account, id);
      if (!record) return NOTHING;
      const { readPosition = '', ...patch } = change(record);
      let next = { ...record, ...patch };
      // Nobody has read what is not there yet, and what was read stays read.
      const read = [readPosition, record.preview?.position ?? ''].sort()[0] ?? '';
      if (read > record.readPosition) next = { ...next, readPosition: read, count: await tx.count('messages', { index: 'theirs', prefix: [account, id], after: read }) };
      if (JSON.stringify(next) === JSON.stringify(record)) return NOTHING;
      tx.put('conversations', next);
      return { messages: [], conversations: [view(next, coverage)] };
    }),
});

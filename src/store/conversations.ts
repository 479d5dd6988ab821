/** Records of conversations, and what is derived for them from their messages. */
import type { ConversationRecord } from '../entities/conversation.js';
import type { Changes, Store, StoredConversation } from './contract.js';
import { unreadOf } from './coverage.js';
import type { Database, Transaction } from './port.js';
import type { Coverage, TableName } from './schema.js';
import { toPreview } from './merge.js';

/** The tables that tell all about a conversation. */
export const CONVERSATION_TABLES: readonly TableName[] = ['conversations', 'messages', 'coverage'];

export const NOTHING: Changes = { messages: [], conversations: [] };

export const newRecord = (account: string, id: string, kind: string): ConversationRecord => ({ account, id, kind, protection: null, readPosition: '', answered: false, draft: '' });

/** A record with its count of unread messages. */
export const view = async (tx: Transaction, record: ConversationRecord, coverage: readonly Coverage[]): Promise<StoredConversation> => {
  const { account, id, readPosition } = record;
  const count = await tx.count('messages', { index: 'theirs', prefix: [account, id], after: readPosition });
  return { ...record, unread: unreadOf(count, coverage.flatMap(({ ranges }) => ranges), readPosition) };
};

/** A record with the newest message as its preview: by position, so that a late copy of an old message never shows. */
export const withPreview = async (tx: Transaction, { preview: _preview, ...record }: ConversationRecord): Promise<ConversationRecord> => {
  const [newest] = await tx.all('messages', { index: 'order', prefix: [record.account, record.id], last: 1 });
  return newest ? { ...record, preview: toPreview(newest) } : record;
};

type Conversations = Pick<Store, 'conversations' | 'conversation' | 'ensureConversation' | 'updateConversation'>;

export const createConversations = (database: Database): Conversations => {
  const one = async (tx: Transaction, account: string, id: string): Promise<StoredConversation | undefined> => {
    const [record, coverage] = await Promise.all([tx.get('conversations', [account, id]), tx.all('coverage', { prefix: [account, id] })]);
    return record && view(tx, record, coverage);
  };
  return {
    conversations: account =>
      database.read(CONVERSATION_TABLES, async tx => {
        const [records, coverage] = await Promise.all([tx.all('conversations', { prefix: [account] }), tx.all('coverage', { prefix: [account] })]);
        return Promise.all(records.map(record => view(tx, record, coverage.filter(({ conversation }) => conversation === record.id))));
      }),
    conversation: (account, id) => database.read(CONVERSATION_TABLES, tx => one(tx, account, id)),
    ensureConversation: (account, id, kind) =>
      database.write(CONVERSATION_TABLES, async tx => {
        if (await tx.get('conversations', [account, id])) return NOTHING;
        tx.put('conversations', newRecord(account, id, kind));
        const made = await one(tx, account, id);
        return { messages: [], conversations: made ? [made] : [] };
      }),
    updateConversation: (account, id, change) =>
      database.write(CONVERSATION_TABLES, async tx => {
        const record = await tx.get('conversations', [account, id]);
        if (!record) return NOTHING;
        const { readPosition, ...patch } = change(record);
        // What was read stays read.
        const read = readPosition !== undefined && readPosition > record.readPosition ? { readPosition } : {};
        const next = { ...record, ...patch, ...read };
        if (JSON.stringify(next) === JSON.stringify(record)) return NOTHING;
        tx.put('conversations', next);
        return { messages: [], conversations: [await view(tx, next, await tx.all('coverage', { prefix: [account, id] }))] };
      }),
  };
};

/** What a row says to everybody above: derived from the set of its copies, never from the order in which they came. */
import type { ArchiveId, Message } from '../entities/message.js';
import { SELF } from '../entities/message.js';
import type { Preview } from '../entities/conversation.js';
import { bestTime } from './identity.js';
import type { Row, StoredCopy } from './schema.js';

/** The ids that archives gave to a row, sorted, each once. */
export const archiveIds = (copies: readonly StoredCopy[]): readonly ArchiveId[] =>
  copies.flatMap(({ archiveId }) => archiveId ?? []).filter(({ by, id }, index, all) => all.findIndex(other => other.by === by && other.id === id) === index);

/** The id in whose place an archive shows a row. A server's double has several; any of them would do, if only it is always the same. */
export const anchor = (copies: readonly StoredCopy[], archive: string): string | undefined => archiveIds(copies).find(({ by }) => by === archive)?.id;

export const isMine = (copies: readonly StoredCopy[]): boolean => copies[0]?.sender === SELF;

/** Whether a row counts as unread while a person has read up to `read`. */
export const isUnread = ({ theirs }: Row, read: string): boolean => theirs !== undefined && theirs > read;

/** The message of a row. Of copies that differ the archive's goes first; a copy that can be read goes before one that cannot. */
export const toMessage = ({ id, account, conversation, position, copies, state, error }: Row): Message => {
  const [first, ...others] = copies;
  if (!first) throw new Error('A row has a copy');
  const originId = copies.find(copy => copy.originId)?.originId;
  const mine = isMine(copies);
  return {
    id,
    account,
    conversation,
    position,
    sender: first.sender,
    mine,
    body: copies.find(({ body }) => body !== null)?.body ?? null,
    time: bestTime([first, ...others]).time,
    messageId: copies.find(({ messageId }) => messageId)?.messageId ?? '',
    ...(originId === undefined ? {} : { originId }),
    archiveIds: archiveIds(copies),
    ...(mine && state ? { state } : {}),
    ...(mine && error ? { error } : {}),
  };
};

/** A message as the list of conversations shows it. */
export const toPreview = (row: Row): Preview => {
  const { id, position, body, mine, sender, time } = toMessage(row);
  return { messageId: id, position, body, mine, sender, time };
};

/** Takes copies of one conversation into a transaction: finds what they belong to, regroups, places, and says what changed. */
import { randomId } from '../base/id.js';
import type { Copy, IncomingCopy } from '../entities/copy.js';
import type { DeliveryState, Message } from '../entities/message.js';
import type { ArchivePage, Changes, MessageChange } from './contract.js';
import { newRecord, view, withPreview } from './conversations.js';
import { marksOf } from './coverage.js';
import { later, withSighting, withState } from './delivery.js';
import { factsOf, isNameless } from './identity.js';
import { archiveIds, isMine, isUnread, toMessage } from './row.js';
import { neighbours } from './neighbours.js';
import type { PlacePage } from './page-places.js';
import type { Transaction } from './port.js';
import { between, last } from './position.js';
import { regroup, type Group } from './regroup.js';
import { archiveKey, keysOf, type Row, type StoredCopy } from './schema.js';

/** Beyond so many messages under one id of one sender, only the archive's ids tell them apart: an id that everything bears is none. */
const MOST_ALIKE = 100;
/** No honest batch is related to so many messages. */
const MOST_RELATED = 2000;

export interface Intake {
  readonly account: string;
  readonly conversation: string;
  readonly copies: readonly IncomingCopy[];
  /** The page that the copies are of, and what knows how to place it. */
  readonly page?: { readonly its: ArchivePage; readonly place: PlacePage } | undefined;
  /** The copies are echoes of what was just written: their state counts, whatever it was before. */
  readonly echo?: boolean;
  /** What the conversation's draft is from now on. */
  readonly draft?: string | undefined;
}

/** A group on its way to become a row. */
export interface Draft extends Group {
  readonly rowId: string;
  readonly mine: boolean;
  /** Whether a person has still to see it. */
  readonly unseen: boolean;
  position: string | undefined;
  placed: string | undefined;
}

/** All rows that share one of `keys`, directly or through each other. */
const related = async (tx: Transaction, keys: readonly string[]): Promise<Row[]> => {
  const rows = new Map<string, Row>();
  const asked = new Set<string>();
  let ask = [...new Set(keys)];
  while (ask.length > 0 && rows.size < MOST_RELATED) {
    for (const key of ask) asked.add(key);
    // All at once: to await each would cost a turn of the event loop each.
    const found = (await Promise.all(ask.map(key => tx.bearing(key, MOST_ALIKE)))).flat();
    for (const row of found) rows.set(row.id, row);
    ask = [...new Set(found.flatMap(row => row.keys))].filter(key => !asked.has(key));
  }
  return [...rows.values()];
};

/** The message that a copy is another sighting of. */
export const sighted = async (tx: Transaction, account: string, conversation: string, copy: Copy): Promise<Message | undefined> => {
  const groups = regroup(await related(tx, keysOf(account, conversation, copy)), [copy]);
  const its = groups.find(({ copies }) => copies.some(other => factsOf(other) === factsOf(copy)));
  const row = its?.heirOf ?? its?.sources[0];
  return row && toMessage(row);
};

const storedCopy = ({ copy, id = isNameless(copy) ? randomId() : undefined }: IncomingCopy): StoredCopy => (id === undefined ? copy : { ...copy, id });

export const draftOf = (group: Group, read: string): Draft => {
  const { copies, id, heirOf, sources } = group;
  const mine = isMine(copies);
  const stillThere = archiveIds(copies).some(its => its.id === heirOf?.placed);
  return {
    ...group,
    rowId: id ?? randomId(),
    mine,
    // A message of which any copy was seen has been seen.
    unseen: !mine && sources.every(row => isUnread(row, read)),
    position: heirOf?.position,
    placed: stillThere ? heirOf?.placed : undefined,
  };
};

const rowOf = ({ account, conversation }: Intake, { copies, rowId, mine, unseen, placed, sources }: Draft, position: string, read: string): Row => {
  // What was read and moved behind the pointer is not unread again.
  const counts = !mine && (unseen || position <= read);
  const { state, error } = sources.reduce<Pick<Row, 'state' | 'error'>>((sum, row) => (later(sum.state, row.state) === sum.state ? sum : row), {});
  const row: Row = {
    account,
    conversation,
    id: rowId,
    position,
    ...(counts ? { theirs: position } : {}),
    keys: [...new Set(copies.flatMap(copy => keysOf(account, conversation, copy)))],
    copies,
    ...(placed === undefined ? {} : { placed }),
  };
  return withState(row, mine ? state : undefined, error);
};

/** The latest state that sightings prove, by what they say. */
const sightings = (arrivals: readonly StoredCopy[], incoming: readonly IncomingCopy[]): ReadonlyMap<string, DeliveryState> => {
  const seen = new Map<string, DeliveryState>();
  for (const [index, copy] of arrivals.entries()) {
    const sum = later(seen.get(factsOf(copy)), incoming[index]?.state);
    if (sum) seen.set(factsOf(copy), sum);
  }
  return seen;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Writes the rows that are not as they were. */
const writeRows = (tx: Transaction, rows: readonly Row[], drafts: readonly Draft[], made: readonly Row[]): readonly MessageChange[] => {
  const olds = new Map(rows.map(row => [row.id, row]));
  const changes: MessageChange[] = [];
  for (const [index, row] of made.entries()) {
    const old = olds.get(row.id);
    olds.delete(row.id);
    if (same(old, row)) continue;
    tx.put('messages', row);
    const after = toMessage(row);
    const fresh = drafts[index]?.sources.length === 0;
    if (!old || !same(toMessage(old), after)) changes.push({ id: row.id, conversation: row.conversation, after, ...(fresh ? { new: true } : {}) });
  }
  for (const { account, id, conversation } of olds.values()) {
    tx.delete('messages', [account, id]);
    changes.push({ id, conversation });
  }
  return changes;
};

/** Takes in one conversation's copies. Needs the tables of a conversation, and the outbox if a copy has a state. */
export const takeIn = async (tx: Transaction, intake: Intake): Promise<Changes> => {
  const { account, conversation, copies: incoming, echo = false } = intake;
  const { its: page, place } = intake.page ?? {};
  const prefix = [account, conversation];
  const arrivals = incoming.map(storedCopy);
  const listed = page ? [...page.ids, page.after ?? page.before].flatMap(id => (id === undefined ? [] : archiveKey(account, conversation, { by: page.archive, id }))) : [];
  const [record, coverage, rows] = await Promise.all([
    tx.get('conversations', prefix),
    tx.all('coverage', { prefix }),
    related(tx, [...listed, ...arrivals.flatMap(copy => keysOf(account, conversation, copy))]),
  ]);
  const read = record?.readPosition ?? '';
  const drafts = regroup(rows, arrivals).map(group => draftOf(group, read));

  const taken = coverage.flatMap(({ ranges }) => marksOf(ranges));
  const near = neighbours(tx, prefix, taken);
  for (const draft of drafts) {
    const [source] = draft.sources;
    if (draft.position !== undefined || !source) continue;
    // It fell off a row: it stays beside it.
    [draft.position = ''] = between(source.position, await near.next(source.position), 1);
    taken.push(draft.position);
  }
  const end = (): string => last([record?.preview?.position ?? '', read, ...taken]);
  const held = page && place ? await place(tx, account, page, { rows, drafts, coverage }, { read, end: end(), near }) : coverage;
  for (const { position } of drafts) if (position !== undefined) taken.push(position);
  const entering = drafts.filter(({ position }) => position === undefined);
  for (const [index, position] of between(end(), undefined, entering.length).entries()) {
    const draft = entering[index];
    if (draft) draft.position = position;
  }

  const seen = sightings(arrivals, incoming);
  const made = await Promise.all(
    drafts.map(async draft => {
      const state = draft.copies.reduce<DeliveryState | undefined>((sum, copy) => later(sum, seen.get(factsOf(copy))), undefined);
      const row = rowOf(intake, draft, draft.position ?? '', read);
      if (!draft.mine || state === undefined) return row;
      return echo ? withState(row, state, undefined) : await withSighting(tx, row, state, draft.sources.length > 0);
    }),
  );
  const messages = writeRows(tx, rows, drafts, made);

  const kind = incoming[0]?.kind;
  const base = record ?? (kind === undefined ? undefined : newRecord(account, conversation, kind));
  if (!base) return { messages, conversations: [] };
  const count = base.count + made.filter(row => isUnread(row, read)).length - rows.filter(row => isUnread(row, read)).length;
  const next = { ...(await withPreview(tx, base)), answered: base.answered || drafts.some(({ mine }) => mine), count, draft: intake.draft ?? base.draft };
  if (!same(record, next)) tx.put('conversations', next);
  const after = view(next, held);
  return { messages, conversations: record && same(view(record, coverage), after) ? [] : [after] };
};

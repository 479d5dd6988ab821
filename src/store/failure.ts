/** What went wrong with the database, in words that a screen can use. */
import { ChatError, toChatError, type Retry } from '../base/errors.js';

const LOST = ['lost', 'later'] as const;
/** A transaction that was over before the work was. */
const CUT_SHORT = ['cut-short', 'later'] as const;

/** Names of DOM exceptions that mean something. */
const KNOWN: Readonly<Record<string, readonly [code: string, retry: Retry]>> = {
  QuotaExceededError: ['full', 'user'],
  VersionError: ['newer-version', 'user'],
  AbortError: LOST,
  NotReadableError: LOST,
  TimeoutError: LOST,
  UnknownError: LOST,
  InvalidStateError: CUT_SHORT,
  TransactionInactiveError: CUT_SHORT,
};

/** Anything that the database threw as a ChatError storage/…: `full`, `newer-version`, `lost` (the disk's fault), `cut-short`, else `failed` (the work's fault). */
export const failure = (thrown: unknown): ChatError => {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
  const [code, retry] = KNOWN[name] ?? (['failed', 'later'] as const);
  return toChatError(thrown, 'storage', code, retry);
};

export const closed = (): ChatError => new ChatError('storage', 'closed', 'no');

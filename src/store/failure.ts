/** What went wrong with the database, in words that a screen can use. */
import { ChatError, toChatError, type Retry } from '../base/errors.js';

/** Names of DOM exceptions that mean something to a person. */
const KNOWN: Readonly<Record<string, readonly [code: string, retry: Retry]>> = {
  QuotaExceededError: ['full', 'user'],
  VersionError: ['newer-version', 'user'],
};

/** Anything that the database threw as a ChatError storage/…: `full`, `newer-version`, else `failed`. */
export const failure = (thrown: unknown): ChatError => {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
  const [code, retry] = KNOWN[name] ?? (['failed', 'later'] as const);
  return toChatError(thrown, 'storage', code, retry);
};

export const closed = (): ChatError => new ChatError('storage', 'closed', 'no');

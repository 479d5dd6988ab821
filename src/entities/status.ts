/** How the connection is doing, in the words that a screen needs. */

/** One plain sentence's worth of trouble; the words are found by `code`. */
export interface Problem {
  /** Key of the sentence in the catalogue of words. */
  readonly code: string;
  readonly params?: Readonly<Record<string, string>>;
  /** What a person can do about it. */
  readonly action?: 'retry' | 'sign-in' | 'reload';
}

export type Status =
  /** Not asked to connect, or signed out. */
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  | { readonly name: 'online' }
  /** Online as far as anybody knows: the server was asked whether it is there. `failing`: it could not be reached just now. */
  | { readonly name: 'verifying'; readonly failing?: boolean }
  /** The page was put away; comes back with it. */
  | { readonly name: 'sleeping' }
  /** Was or wants to be online; tries again at `at` (milliseconds since 1970). */
  | { readonly name: 'waiting'; readonly at: number; readonly problem: Problem }
  /** The machine has no network; tries again when it has, and at `at` in any case. */
  | { readonly name: 'offline'; readonly at: number }
  /** Ended for good until a person acts. */
  | { readonly name: 'failed'; readonly problem: Problem };

/** Whether stanzas can be sent. */
export const isOnline = ({ name }: Status): boolean => name === 'online' || name === 'verifying';

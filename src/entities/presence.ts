/** Who is there (RFC 6121 §4.7). */

export type Show = 'chat' | 'online' | 'away' | 'xa' | 'dnd' | 'offline';

export interface Presence {
  readonly show: Show;
  readonly status: string;
}

export type Subscription = 'none' | 'to' | 'from' | 'both';

/** A row of the roster (RFC 6121 §2.1.2). */
export interface Contact {
  readonly address: string;
  readonly name: string;
  readonly subscription: Subscription;
  /** Whether our own request is still unanswered. */
  readonly pending: boolean;
  readonly groups: readonly string[];
}

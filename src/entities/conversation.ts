/** What is kept about a conversation besides its messages. */

/** How sure an unread count is: `unknown` is never taken for none. */
export type Unread =
  | { readonly kind: 'exact'; readonly count: number }
  | { readonly kind: 'atLeast'; readonly count: number }
  | { readonly kind: 'unknown' };

/** The newest message, as the list of conversations shows it. */
export interface Preview {
  readonly messageId: string;
  readonly position: string;
  readonly body: string | null;
  readonly mine: boolean;
  readonly sender: string;
  readonly time: number;
}

export interface ConversationRecord {
  readonly account: string;
  /** Address of the conversation. */
  readonly id: string;
  /** Id of its kind, such as `direct`. */
  readonly kind: string;
  /** The plugin without whose seal nothing may be sent; null: none asked for. */
  readonly protection: string | null;
  /** Position up to which this account has read; empty: nothing yet. */
  readonly readPosition: string;
  /** Whether this account ever wrote here: whom one has answered is no stranger. */
  readonly answered: boolean;
  readonly preview?: Preview;
  /** Text that was typed and not sent. */
  readonly draft: string;
}

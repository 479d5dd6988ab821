/** What a chat tells whoever listens. */

export interface ChatEvents {
  /** Somebody is signed in, or a visitor's conversation is there. */
  readonly ready: undefined;
  /** The number of messages that are surely unread. */
  readonly unread: number;
  readonly 'message:received': MessageEvent;
  readonly 'message:sent': MessageEvent;
  readonly error: { readonly code: string; readonly message: string };
}

interface MessageEvent {
  readonly conversation: string;
  readonly id: string;
  readonly sender: string;
  readonly body: string | null;
}

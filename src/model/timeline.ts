/** The stretch of a conversation that is held in memory: a window over the stored messages, in order. */
import type { ReadonlySignal } from '../base/signal.js';
import type { Message } from '../entities/message.js';

export interface Timeline {
  /** The messages of the window, by position; a new array for every change, unchanged messages are the same objects. */
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** False until the store has answered for the first time: unknown is not empty. */
  readonly ready: ReadonlySignal<boolean>;
  /** Whether the store holds nothing older than the window. */
  readonly atStart: ReadonlySignal<boolean>;
  /** Whether the window ends with the newest message. */
  readonly atEnd: ReadonlySignal<boolean>;
  /** Starts reading; the returned function stops it. The first onlooker fills the window. */
  open(): () => void;
  /** Loads older messages into the window and trims its far end. Settles when they are in `messages`. */
  older(): Promise<void>;
  /** Loads newer messages into the window and trims its far end. */
  newer(): Promise<void>;
  /** Moves the window to the newest messages. */
  toEnd(): Promise<void>;
}

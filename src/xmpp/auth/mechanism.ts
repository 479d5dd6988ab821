/** What a way to log in is to the exchange that runs it (RFC 4422 §3). */
import type { ScramKeys } from './login-memory.js';

/** Messages are as on the wire: base64. */
export interface Mechanism {
  /** As it is called on the wire. */
  readonly name: string;
  /** The initial response. */
  first(): string | Promise<string>;
  /** Answers a challenge. Rejects with a ChatError auth/… when it is not to be answered. */
  respond(challenge: string): Promise<string>;
  /** Hears that the server calls it a success, with its last word, if any. Throws a ChatError auth/… when the server has not proved itself. */
  finish(last: string | undefined): void;
  /** What serves instead of the password next time; there once the server has proved itself. */
  readonly keys?: ScramKeys | undefined;
}

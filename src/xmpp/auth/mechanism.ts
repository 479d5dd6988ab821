/** What a way to log in is to the exchange that runs it (RFC 4422 §3): texts are as they are before base64. */
export interface Mechanism {
  /** As it is called in `<auth mechanism='…'/>`. */
  readonly name: string;
  /** The initial response. */
  first(): string;
  /** Answers a challenge. Rejects with a ChatError auth/… when it is not to be answered. */
  respond(challenge: string): Promise<string>;
  /** Hears that the server calls it a success, with its last word, if any. Throws a ChatError auth/… when the server has not proved itself. */
  finish(last: string | undefined): void;
}

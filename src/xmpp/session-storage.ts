/** The port through which a session keeps what must outlive its page, so that the same stream goes on after a reload, a crash, or in another tab. */

/** A stanza that was handed over for writing and has not been acknowledged. */
export interface SentStanza {
  /** As it was or will be written. */
  readonly xml: string;
  /** What became of it is told under this name (`Session.onFate`); without one nobody asks. */
  readonly claim?: string;
}

interface Kept {
  /** Full JID that the stream is bound to. */
  readonly jid: string;
  /** Address of the endpoint that the stream was opened at. */
  readonly service: string;
  /** Wall clock of the last save by a connection that reached the server, milliseconds since 1970. */
  readonly savedAt: number;
  /** Whether the server takes client state indications (XEP-0352). */
  readonly csi: boolean;
}

/** A stream under stream management (XEP-0198) that the server lets us resume. */
export interface ManagedState extends Kept {
  readonly kind: 'managed';
  /** The id to resume with. */
  readonly id: string;
  /** Where the server would like to be asked first (§4); already checked to be the same host. */
  readonly location?: string;
  /** How many of our stanzas the server has acknowledged, modulo 2^32. */
  readonly acknowledged: number;
  /** How many of the server's stanzas are stored without a hole, modulo 2^32; never less than what the server was told. */
  readonly received: number;
  /** What was handed over since, the oldest first. */
  readonly queue: readonly SentStanza[];
}

/** A request of a BOSH session (XEP-0124 §14.3): it is repeated under its id until it is answered. */
export interface BoshRequest {
  readonly rid: number;
  /** The whole <body/>. */
  readonly body: string;
  /** The claims of the stanzas in it. */
  readonly claims: readonly string[];
}

/** A BOSH session (XEP-0124), which goes on by repeating its last requests. */
export interface BoshState extends Kept {
  readonly kind: 'bosh';
  readonly sid: string;
  /** Id of the newest request. */
  readonly rid: number;
  /** What the server said when the session was made: seconds and counts; 0: nothing. */
  readonly wait: number;
  readonly inactivity: number;
  readonly polling: number;
  readonly requests: number;
  /** Whether the server takes pauses (§10): its kind, by which repeats differ. */
  readonly pauses?: boolean;
  /** Not answered yet, or answered with stanzas that are not stored yet; the oldest first. */
  readonly pending: readonly BoshRequest[];
}

export type StreamState = ManagedState | BoshState;

/** A stanza of the outbox that is about to be written for the first time. */
export interface Claim {
  readonly id: string;
  readonly xml: string;
}

export interface SessionStorage {
  /** What is left of the last stream; undefined: a new one has to be opened. */
  load(): Promise<StreamState | undefined>;
  /**
   * In one transaction, before anything of it reaches the wire: notes of each claim that its write begins, and replaces what is stored by what
   * `build` gives (undefined: nothing is left). `build` is told which claims were refused, as their entries are gone or were written before: they must
   * not be written; and what it replaces, as far as this page knows. It may be called more than once. Settles with the refused claims. Strictly durable if there are claims.
   * Rejects with a ChatError storage/…; `fenced`: another tab holds the session by now, and nothing may be written at all.
   */
  save(build: (refused: ReadonlySet<string>, stored: StreamState | undefined) => StreamState | undefined, claims?: readonly Claim[]): Promise<ReadonlySet<string>>;
}

/** A storage that lasts as long as its session: for sessions without a store. */
export const forgetfulStorage = (): SessionStorage => {
  let kept: StreamState | undefined;
  const written = new Set<string>();
  return {
    load: () => Promise.resolve(kept),
    save: (build, claims = []) => {
      const refused = new Set(claims.map(({ id }) => id).filter(id => written.has(id)));
      for (const { id } of claims) written.add(id);
      kept = build(refused, kept);
      return Promise.resolve(refused);
    },
  };
};

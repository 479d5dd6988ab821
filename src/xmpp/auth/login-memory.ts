/** What is remembered of an account's logins, so that nobody in between can talk the next one down, and so that the next one needs no password. */

export type ScramHash = 'SHA-1' | 'SHA-256' | 'SHA-512';

/** What SCRAM needs instead of the password (RFC 5802 §3), for one salt and count. Base64 where bytes. */
export interface ScramKeys {
  readonly hash: ScramHash;
  readonly salt: string;
  readonly iterations: number;
  readonly clientKey: string;
  readonly serverKey: string;
}

/** A token that the server gave to log in with next time (XEP-0484). */
export interface FastToken {
  readonly token: string;
  readonly mechanism: string;
  /** Milliseconds since 1970; undefined: not told. */
  readonly expiry?: number;
  /** How often it was used. */
  readonly count: number;
}

/** What a successor needs to log in without asking anybody; plain data. */
export interface LoginSecret {
  readonly keys?: ScramKeys;
  readonly fast?: FastToken;
}

/** What is not secret and is kept per account: plain data. */
export interface LoginPins {
  /** Rank of the strongest SCRAM ever offered; 0: none. */
  readonly strongest: number;
  /** Whether SASL2 was ever offered (its downgrade loses nothing but speed, so it is noted and not enforced). */
  readonly sasl2?: boolean;
}

/** Read at each login and told what it brought; whoever makes it decides where it is kept. */
export interface LoginMemory {
  /** Set before `secret`, and not worth keeping before that: until the server has proved itself, anybody may have offered anything. */
  pins: LoginPins;
  /** Set when a login has succeeded. */
  secret: LoginSecret;
  /** What a person typed in this page or in another tab, once a login has succeeded with it, for servers that nothing else serves twice; lives in memory alone. */
  password?: string;
  /** The id of this device to the server (XEP-0388 §2.3, a UUID), the same at every login: tokens hang on it. */
  readonly userAgent: string;
  /** The site's last token was refused: of one more it is the last chance. */
  tokenRefused?: boolean;
}

/** The memory of a session that nobody keeps, as of a guest; without an id of the device there are no tokens. */
export const forgetfulLogins = (userAgent = ''): LoginMemory => ({ pins: { strongest: 0 }, secret: {}, userAgent });

/** Who logs in, and what is remembered of the server's offers. */

/** `username` is the local part of the account's address. */
export interface PasswordCredentials {
  readonly kind: 'password';
  readonly username: string;
  readonly password: string;
}

/** A guest, or an account with its password. */
export type Credentials = { readonly kind: 'anonymous' } | PasswordCredentials;

/** What a session remembers of its server's offers, so that nobody in between can talk it down. */
export interface LoginMemory {
  /** Rank of the strongest SCRAM ever offered; 0: none. */
  strongest: number;
}

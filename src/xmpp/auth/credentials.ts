/** Who logs in, and with what. */

/** An account with its password; `username` is the local part of its address, here and below. */
export interface PasswordCredentials {
  readonly kind: 'password';
  readonly username: string;
  readonly password: string;
}

/** An account with what is remembered of an earlier login (`LoginMemory.secret`). */
export interface SecretCredentials {
  readonly kind: 'secret';
  readonly username: string;
}

/** An account that the site has logged in: `token` is asked anew for each login. Without a username the token says whose it is. */
export interface TokenCredentials {
  readonly kind: 'token';
  readonly username?: string;
  /** How the token is given to the server: as a bearer token (RFC 7628 or X-OAUTH2; if not given), or in the place of a password. */
  readonly mechanism?: 'oauthbearer' | 'plain';
  token(): Promise<string>;
}

export type AccountCredentials = PasswordCredentials | SecretCredentials | TokenCredentials;

/** A guest, or an account. */
export type Credentials = { readonly kind: 'anonymous' } | AccountCredentials;

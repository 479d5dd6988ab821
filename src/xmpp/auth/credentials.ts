/** Who logs in: a guest, or an account with its password. `username` is the local part of its address. */
export type Credentials = { readonly kind: 'anonymous' } | { readonly kind: 'password'; readonly username: string; readonly password: string };

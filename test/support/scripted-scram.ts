/** The server's half of SCRAM (RFC 5802 §3), written apart from the client's, with ways to get it wrong. */

export interface ScramFaults {
  /** The server's nonce, made of the client's. */
  readonly nonce?: (client: string) => string;
  readonly iterations?: number;
  /** The same salt every time, as a real server has for one password; base64. */
  readonly salt?: string;
  /** What is added to the first message. */
  readonly more?: string;
  /** What is said at the end in place of `v=…`; undefined: nothing. */
  readonly last?: (right: string) => string | undefined;
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const encode = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

const mac = async (hash: string, key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']), bytesOf(text)));

/** What a server keeps of an account; `firstMessage` answers the client's first, `proves` says whether its last one shows the password. */
export const scramServer = (hash: string, passwords: Readonly<Record<string, string>>, faults: ScramFaults) => {
  const salt = faults.salt === undefined ? crypto.getRandomValues(new Uint8Array(16)) : Uint8Array.from(atob(faults.salt), c => c.charCodeAt(0));
  const iterations = faults.iterations ?? 4096;
  let bare = '';
  let first = '';
  let password: string | undefined;
  return {
    firstMessage: (message: string): string => {
      bare = message.replace(/^n,,/, '');
      const [, user = '', nonce = ''] = /^n=([^,]*),r=(.*)$/.exec(bare) ?? [];
      password = passwords[user.replaceAll('=2C', ',').replaceAll('=3D', '=')];
      first = `r=${faults.nonce ? faults.nonce(nonce) : `${nonce}server`},s=${encode(salt)},i=${iterations}${faults.more ?? ''}`;
      return first;
    },
    /** The right last word, or undefined for a wrong password. */
    lastMessage: async (message: string): Promise<string | undefined> => {
      if (password === undefined) return undefined;
      const [, without = '', proof = ''] = /^(.*),p=([^,]+)$/.exec(message) ?? [];
      const bits = { 'SHA-1': 160, 'SHA-256': 256, 'SHA-512': 512 }[hash] ?? 0;
      const key = await crypto.subtle.importKey('raw', bytesOf(password.normalize('NFKC')), 'PBKDF2', false, ['deriveBits']);
      const salted = new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, key, bits));
      const clientKey = await mac(hash, salted, 'Client Key');
      const stored = new Uint8Array(await crypto.subtle.digest(hash, clientKey));
      const exchange = `${bare},${first},${without}`;
      const signature = await mac(hash, stored, exchange);
      const wanted = encode(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      if (proof !== wanted) return undefined;
      return `v=${encode(await mac(hash, await mac(hash, salted, 'Server Key'), exchange))}`;
    },
  };
};

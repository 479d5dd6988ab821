/** SCRAM (RFC 5802, RFC 7677) over WebCrypto: the password never leaves, and the server must prove that it knows it too. */
import { randomId } from '../../base/id.js';
import { fromBase64, toBase64, utf8 } from '../encoding.js';
import { trouble } from '../trouble.js';
import type { ScramHash, ScramKeys } from './login-memory.js';
import { prepare } from './prepare.js';
import type { TextMechanism } from './text-mechanism.js';

/** RFC 7677 §4 asks for 4096 at least; the other bound keeps a server from freezing the page. */
const ITERATIONS = { least: 4_096, most: 1_000_000 } as const;
const BITS: Readonly<Record<ScramHash, number>> = { 'SHA-1': 160, 'SHA-256': 256, 'SHA-512': 512 };
/** No channel binding, as page scripts cannot see the channel; base64 of it. */
const GS2 = { plain: 'n,,', base64: 'biws' } as const;

type Bytes = Uint8Array<ArrayBuffer>;

/** Compares without telling by its duration where the difference is. */
export const equalBytes = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.reduce((sum, byte, index) => sum | (byte ^ (b[index] ?? 0)), 0) === 0;

export const hmac = async (hash: ScramHash, key: Bytes, message: Bytes): Promise<Bytes> => {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
};

const digest = async (hash: ScramHash, message: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest(hash, message));

/** What the server says of an account before it is asked to prove anything. */
interface ServerFirst {
  readonly nonce: string;
  readonly salt: Bytes;
  readonly iterations: number;
  /** Hash of what the server offered (XEP-0474); undefined: not told. */
  readonly offer: string | undefined;
}

/** Reads a server's first message (RFC 5802 §7); throws when it is not such that a password may be put through it. */
const readFirst = (challenge: string, nonce: string): ServerFirst => {
  const [, full = '', salt64 = '', count = '', more = ''] = /^r=([\x21-\x2B\x2D-\x7E]+),s=([^,]+),i=([1-9]\d{0,9})(,.*)?$/s.exec(challenge) ?? [];
  const salt = fromBase64(salt64);
  const iterations = Number(count);
  if (!salt || salt.length === 0) throw trouble('unsafe-login', 'its first message cannot be read');
  if (!full.startsWith(nonce) || full.length === nonce.length) throw trouble('server-not-genuine', 'its nonce does not extend ours');
  if (iterations < ITERATIONS.least || iterations > ITERATIONS.most) throw trouble('unsafe-login', `${count} iterations`);
  return { nonce: full, salt, iterations, offer: /,h=([^,]*)/.exec(more)?.[1] };
};

/** RFC 5802 §3: what is made of a password once for each salt and count. */
const keysOf = async (hash: ScramHash, password: string, { salt, iterations }: ServerFirst): Promise<ScramKeys> => {
  const key = await crypto.subtle.importKey('raw', utf8(prepare(password)), 'PBKDF2', false, ['deriveBits']);
  const salted = new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, key, BITS[hash]));
  const [client, server] = await Promise.all([hmac(hash, salted, utf8('Client Key')), hmac(hash, salted, utf8('Server Key'))]);
  return { hash, salt: toBase64(salt), iterations, clientKey: toBase64(client), serverKey: toBase64(server) };
};

const bytesOf = (key: string): Bytes => fromBase64(key) ?? new Uint8Array();

export interface ScramOptions {
  /** What the server offered, in the form whose hash it may tell (XEP-0474 §6.1). */
  readonly offer?: string;
  /** Given only by tests with known vectors. */
  readonly nonce?: string;
}

/**
 * One login, with a password or with the keys that were made of it. Throws ChatError auth/bad-characters; `respond` rejects with auth/secret-stale
 * when the keys are of another salt or count, auth/login-tampered when the offer is not what the server says it offered.
 */
export const scram = (hash: ScramHash, username: string, secret: string | ScramKeys, { offer, nonce = randomId() }: ScramOptions = {}): TextMechanism => {
  const firstBare = `n=${prepare(username).replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  let keys: ScramKeys | undefined;
  let expected: Bytes | undefined;
  let proved = false;

  const verify = (last: string): void => {
    const signature = fromBase64(/^v=([^,]+)/.exec(last)?.[1] ?? '');
    if (!expected || !signature || !equalBytes(signature, expected)) throw trouble('server-not-genuine', 'its signature is wrong');
    proved = true;
  };

  const keysFor = (server: ServerFirst): ScramKeys | Promise<ScramKeys> => {
    if (typeof secret === 'string') return keysOf(hash, secret, server);
    if (secret.hash !== hash || secret.salt !== toBase64(server.salt) || secret.iterations !== server.iterations) throw trouble('secret-stale', 'another salt or count');
    return secret;
  };

  return {
    name: `SCRAM-${hash}`,
    first: () => GS2.plain + firstBare,
    respond: async challenge => {
      // Some servers send their last word as a challenge.
      if (expected) {
        verify(challenge);
        return '';
      }
      const server = readFirst(challenge, nonce);
      if (server.offer !== undefined && offer !== undefined && server.offer !== toBase64(await digest(hash, utf8(offer)))) throw trouble('login-tampered', server.offer);
      keys = await keysFor(server);
      const clientKey = bytesOf(keys.clientKey);
      const withoutProof = `c=${GS2.base64},r=${server.nonce}`;
      const exchange = utf8(`${firstBare},${challenge},${withoutProof}`);
      const signature = await hmac(hash, await digest(hash, clientKey), exchange);
      expected = await hmac(hash, bytesOf(keys.serverKey), exchange);
      return `${withoutProof},p=${toBase64(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))}`;
    },
    finish: last => {
      if (last !== undefined && last !== '') verify(last);
      if (!proved) throw trouble('server-not-genuine', 'it sent no signature');
    },
    get keys() {
      return proved ? keys : undefined;
    },
  };
};

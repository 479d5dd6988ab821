/** SCRAM (RFC 5802, RFC 7677) over WebCrypto: the password never leaves, and the server must prove that it knows it too. */
import { randomId } from '../../base/id.js';
import { fromBase64, toBase64, utf8 } from '../encoding.js';
import { trouble } from '../trouble.js';
import type { Mechanism } from './mechanism.js';
import { prepare } from './prepare.js';

/** By strength, the weakest first. */
export const SCRAM_HASHES = ['SHA-1', 'SHA-256', 'SHA-512'] as const;
export type ScramHash = (typeof SCRAM_HASHES)[number];

/** RFC 7677 §4 asks for 4096 at least; the other bound keeps a server from freezing the page. */
const ITERATIONS = { least: 4_096, most: 1_000_000 } as const;
const BITS: Readonly<Record<ScramHash, number>> = { 'SHA-1': 160, 'SHA-256': 256, 'SHA-512': 512 };
/** No channel binding, as page scripts cannot see the channel; base64 of it. */
const GS2 = { plain: 'n,,', base64: 'biws' } as const;

type Bytes = Uint8Array<ArrayBuffer>;

/** Compares without telling by its duration where the difference is. */
const equalBytes = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.reduce((sum, byte, index) => sum | (byte ^ (b[index] ?? 0)), 0) === 0;

const hmac = async (hash: ScramHash, key: Bytes, message: Bytes): Promise<Bytes> => {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
};

const saltedPassword = async (hash: ScramHash, password: string, salt: Bytes, iterations: number): Promise<Bytes> => {
  const key = await crypto.subtle.importKey('raw', utf8(prepare(password)), 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, key, BITS[hash]));
};

/** The salt and the count of a server's first message (RFC 5802 §7); throws when they are not such that a password may be put through them. */
const readFirst = (challenge: string, nonce: string): { readonly nonce: string; readonly salt: Bytes; readonly iterations: number } => {
  const [, full = '', salt64 = '', count = ''] = /^r=([\x21-\x2B\x2D-\x7E]+),s=([^,]+),i=([1-9]\d{0,9})(?:,.*)?$/s.exec(challenge) ?? [];
  const salt = fromBase64(salt64);
  const iterations = Number(count);
  if (!salt || salt.length === 0) throw trouble('unsafe-login', 'its first message cannot be read');
  if (!full.startsWith(nonce) || full.length === nonce.length) throw trouble('server-not-genuine', 'its nonce does not extend ours');
  if (iterations < ITERATIONS.least || iterations > ITERATIONS.most) throw trouble('unsafe-login', `${count} iterations`);
  return { nonce: full, salt, iterations };
};

/** One login. `nonce` is given only by tests with known vectors. Throws ChatError auth/bad-characters. */
export const scram = (hash: ScramHash, username: string, password: string, nonce = randomId()): Mechanism => {
  const firstBare = `n=${prepare(username).replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  let expected: Bytes | undefined;
  let proved = false;

  const verify = (last: string): void => {
    const signature = fromBase64(/^v=([^,]+)/.exec(last)?.[1] ?? '');
    if (!expected || !signature || !equalBytes(signature, expected)) throw trouble('server-not-genuine', 'its signature is wrong');
    proved = true;
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
      const salted = await saltedPassword(hash, password, server.salt, server.iterations);
      const clientKey = await hmac(hash, salted, utf8('Client Key'));
      const storedKey = new Uint8Array(await crypto.subtle.digest(hash, clientKey));
      const withoutProof = `c=${GS2.base64},r=${server.nonce}`;
      const exchange = utf8(`${firstBare},${challenge},${withoutProof}`);
      const signature = await hmac(hash, storedKey, exchange);
      expected = await hmac(hash, await hmac(hash, salted, utf8('Server Key')), exchange);
      return `${withoutProof},p=${toBase64(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))}`;
    },
    finish: last => {
      if (last !== undefined && last !== '') verify(last);
      if (!proved) throw trouble('server-not-genuine', 'it sent no signature');
    },
  };
};

/** The way to log in with a password, or with what is kept in its place: SCRAM, the strongest that is offered, or PLAIN where that is safe and nothing better was ever seen. */
import { trouble } from '../trouble.js';
import type { PasswordCredentials, SecretCredentials } from './credentials.js';
import type { LoginMemory, ScramHash } from './login-memory.js';
import type { Mechanism } from './mechanism.js';
import { plain } from './plain.js';
import { scram } from './scram.js';
import { onWire } from './text-mechanism.js';

/** By strength, the weakest first. */
const SCRAM_HASHES: readonly ScramHash[] = ['SHA-1', 'SHA-256', 'SHA-512'];

/** What a server offers on its stream. */
export interface Offer {
  readonly mechanisms: readonly string[];
  /** As XEP-0474 wants it hashed. */
  readonly hashed: string;
  /** Nobody can listen. */
  readonly secure: boolean;
}

/**
 * Throws ChatError auth/weaker-login where less is offered than ever before, auth/no-mechanism, auth/bad-characters, auth/secret-stale where nothing is kept
 * that serves here, network/insecure-context.
 */
export const passwordMechanism = ({ mechanisms, hashed, secure }: Offer, credentials: PasswordCredentials | SecretCredentials, memory: LoginMemory): Mechanism => {
  const has = (hash: ScramHash): boolean => mechanisms.includes(`SCRAM-${hash}`);
  const rank = SCRAM_HASHES.findLastIndex(has) + 1;
  if (rank < memory.pins.strongest) throw trouble('weaker-login', mechanisms.join(' '));
  memory.pins = { ...memory.pins, strongest: rank };
  // Without https a page has no WebCrypto; the password does not go out in its place.
  if (rank > 0 && !globalThis.crypto.subtle) throw trouble('insecure-context');
  const over = (hash: ScramHash, secret: Parameters<typeof scram>[2]): Mechanism => onWire(scram(hash, credentials.username, secret, { offer: hashed }));
  const { password } = credentials.kind === 'secret' ? memory : credentials;
  if (password === undefined) {
    const { keys } = memory.secret;
    if (!keys || !has(keys.hash)) throw trouble('secret-stale', 'nothing is kept for what is offered');
    return over(keys.hash, keys);
  }
  const hash = SCRAM_HASHES[rank - 1];
  if (hash) return over(hash, password);
  if (!mechanisms.includes('PLAIN') || !secure) throw trouble('no-mechanism', mechanisms.join(' '));
  return onWire(plain(credentials.username, password));
};

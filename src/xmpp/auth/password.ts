/** The way to log in with a password: SCRAM, the strongest that is offered, or PLAIN where that is safe and nothing better was ever seen. */
import { trouble } from '../trouble.js';
import type { PasswordCredentials } from './credentials.js';
import type { LoginMemory } from './login-memory.js';
import type { Mechanism } from './mechanism.js';
import { plain } from './plain.js';
import { scram, SCRAM_HASHES } from './scram.js';

/** `secure`: nobody can listen. Throws ChatError auth/no-mechanism, auth/weaker-login, auth/bad-characters, network/insecure-context. */
export const passwordMechanism = (offered: readonly string[], { username, password }: PasswordCredentials, memory: LoginMemory, secure: boolean): Mechanism => {
  const rank = SCRAM_HASHES.findLastIndex(hash => offered.includes(`SCRAM-${hash}`)) + 1;
  if (rank < memory.pins.strongest) throw trouble('weaker-login', offered.join(' '));
  memory.pins = { ...memory.pins, strongest: rank };
  const hash = SCRAM_HASHES[rank - 1];
  // Without https a page has no WebCrypto; the password does not go out in its place.
  if (hash && !globalThis.crypto.subtle) throw trouble('insecure-context');
  if (hash) return scram(hash, username, password);
  if (!offered.includes('PLAIN') || !secure) throw trouble('no-mechanism', offered.join(' '));
  return plain(username, password);
};

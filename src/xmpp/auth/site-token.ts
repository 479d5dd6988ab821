/** Logs in with what the site says of its visitor: a token that it gives anew for each login, OAUTHBEARER (RFC 7628) and its older forms. */
import { ChatError } from '../../base/errors.js';
import type { LoggedIn, Negotiation, Resumed } from '../negotiation.js';
import { trouble } from '../trouble.js';
import type { TokenCredentials } from './credentials.js';
import type { Mechanism } from './mechanism.js';
import { plain } from './plain.js';
import { prepare } from './prepare.js';
import type { Profile } from './sasl2.js';
import { onWire } from './text-mechanism.js';

/** How long the page may take to give a token. */
const PATIENCE_MS = 15_000;
/** Which mechanisms take the token, the best first. */
const NAMES = { oauthbearer: ['OAUTHBEARER', 'X-OAUTH2'], plain: ['PLAIN'] } as const;
const END = '\u0001';

const bearer = (account: string | undefined, token: string): Mechanism =>
  onWire({
    name: 'OAUTHBEARER',
    first: () => `n,${account === undefined ? '' : `a=${prepare(account).replaceAll('=', '=3D').replaceAll(',', '=2C')}`},${END}auth=Bearer ${token}${END}${END}`,
    // The server says what is wrong with it, and fails the login when that was heard (§3.2.3).
    respond: () => Promise.resolve(END),
    finish: () => undefined,
  });

const ask = ({ token }: TokenCredentials, { environment }: Negotiation): Promise<string> =>
  new Promise((resolve, reject) => {
    const late = environment.timer(PATIENCE_MS, () => reject(trouble('token-late')));
    const given = async (): Promise<void> => {
      try {
        const answer: unknown = await token();
        // A visible text: everything else would break out of the message that it is put into.
        if (typeof answer === 'string' && /^[\x21-\x7E]+$/.test(answer)) resolve(answer);
        else reject(trouble('token-failed', 'it gave no text, or one with spaces'));
      } catch (error) {
        reject(trouble('token-failed', String(error), error));
      }
      void late();
    };
    void given();
  });

const isRefusal = (error: unknown): error is ChatError => error instanceof ChatError && (error.code === 'wrong-password' || error.code === 'login-refused');

/**
 * Asks for a token and logs in with it in the first of the profiles that takes one; a token that is refused is replaced by a fresh one once.
 * Rejects with ChatError auth/no-mechanism, auth/token-failed, auth/token-late, auth/token-refused.
 */
export const logInBySite = async (profiles: readonly Profile[], negotiation: Negotiation, credentials: TokenCredentials): Promise<LoggedIn | Resumed> => {
  const { domain, memory } = negotiation;
  const { username, mechanism: kind = 'oauthbearer' } = credentials;
  const usable = NAMES[kind].filter(name => name === 'OAUTHBEARER' || username);
  const nameIn = ({ offer: { mechanisms, secure } }: Profile): string | undefined => (secure ? usable.find(name => mechanisms.includes(name)) : undefined);
  const profile = profiles.find(nameIn);
  const name = profile && nameIn(profile);
  if (!name) throw trouble('no-mechanism', profiles.map(({ offer }) => offer.mechanisms.join(' ')).join(' / '));
  for (;;) {
    const token = await ask(credentials, negotiation);
    try {
      const { login } = await profile.run(name === 'OAUTHBEARER' ? bearer(username && `${username}@${domain}`, token) : onWire(plain(username ?? '', token, name)));
      memory.tokenRefused = false;
      return login;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const again = !memory.tokenRefused;
      memory.tokenRefused = again;
      if (!again) throw trouble('token-refused', error.message, error);
    }
  }
};

/** Logs an account in, with what it has, over what the server offers: loaded by the first account, as visitors never need it. */
import { ChatError } from '../../base/errors.js';
import type { LoggedIn, Negotiation, Resumed } from '../negotiation.js';
import { trouble } from '../trouble.js';
import { isResumeAnswer } from '../xep/0198-resumption.js';
import { SM_NS } from '../xep/0198-stream-management.js';
import { readAuthentication } from '../xep/0388-sasl2.js';
import { hashedOffer } from '../xep/0474-downgrade.js';
import { FAST_MECHANISM, fastElement, requestToken } from '../xep/0484-fast.js';
import { child } from '../xml.js';
import type { AccountCredentials, PasswordCredentials, SecretCredentials } from './credentials.js';
import { loginTrouble } from './login-trouble.js';
import { passwordMechanism } from './password.js';
import { authenticate, offeredMechanisms } from './sasl.js';
import { sasl2, type Profile } from './sasl2.js';
import { logInBySite } from './site-token.js';
import { tokenProof } from './token-proof.js';

// A connection asks for it right after the login, when this is here, rather than for a part of its own.
export { readEnabled } from '../xep/0198-resumption.js';

/** The login of RFC 6120, after which the stream starts anew. */
const sasl = ({ stream, features }: Negotiation): Profile => {
  const mechanisms = offeredMechanisms(features);
  return {
    offer: { mechanisms, hashed: hashedOffer(mechanisms, features), secure: stream.isSecure() },
    fast: false,
    run: async mechanism => {
      await authenticate(stream, mechanism, loginTrouble);
      return { login: { kind: 'in', features: await stream.again() } };
    },
  };
};

const codeOf = (error: unknown): string => (error instanceof ChatError ? error.code : '');
/** What a server says of a token that it does not take; everything else says nothing about the token. */
const REFUSALS: readonly string[] = ['wrong-password', 'login-refused', 'no-mechanism'];

/** With the token of an earlier login; undefined: there is none, or it was refused. */
const logInByToken = async ({ run }: Profile, { memory, environment }: Negotiation, username: string): Promise<LoggedIn | Resumed | undefined> => {
  const { fast, ...rest } = memory.secret;
  if (!fast) return undefined;
  if (fast.mechanism !== FAST_MECHANISM || (fast.expiry !== undefined && fast.expiry <= environment.now())) {
    memory.secret = rest;
    return undefined;
  }
  // Counted before it is used, as nobody may know afterwards whether it was.
  const used = { ...fast, count: fast.count + 1 };
  memory.secret = { ...rest, fast: used };
  try {
    const { login, token } = await run(tokenProof(username, fast), fastElement(used.count));
    // The old one stays good until the new one is used (§3.5).
    if (token) memory.secret = { ...rest, fast: { mechanism: FAST_MECHANISM, count: 0, ...token } };
    return login;
  } catch (error) {
    if (REFUSALS.includes(codeOf(error))) return undefined;
    throw error;
  }
};

const logInWithSecret = async (profile: Profile, negotiation: Negotiation, credentials: PasswordCredentials | SecretCredentials): Promise<LoggedIn | Resumed> => {
  const { memory } = negotiation;
  const tried = profile.fast && memory.secret.fast !== undefined;
  const byToken = profile.fast ? await logInByToken(profile, negotiation, credentials.username) : undefined;
  if (byToken) return byToken;
  const mechanism = passwordMechanism(profile.offer, credentials, memory);
  try {
    const { login, token } = await profile.run(mechanism, ...(profile.fast ? [requestToken()] : []));
    const { keys } = mechanism;
    if (credentials.kind === 'password') memory.password = credentials.password;
    memory.secret = { ...(keys ? { keys } : {}), ...(token ? { fast: { mechanism: FAST_MECHANISM, count: 0, ...token } } : {}) };
    return login;
  } catch (error) {
    // What was good before.
    if (codeOf(error) === 'wrong-password' && (credentials.kind === 'secret' || memory.password !== undefined)) throw trouble('secret-stale', String(error), error);
    if (codeOf(error) !== 'no-mechanism' || !tried) throw error;
    // It offers the mechanism, but not on a stream that has seen a token: the next one will not.
    const { keys } = memory.secret;
    memory.secret = keys ? { keys } : {};
    throw trouble('login-unavailable', 'no second try after a token', error);
  }
};

const logInSomehow = (negotiation: Negotiation, credentials: AccountCredentials): Promise<LoggedIn | Resumed> => {
  const { features, memory } = negotiation;
  const authentication = readAuthentication(features);
  const profiles = [...(authentication ? [sasl2(negotiation, authentication)] : []), sasl(negotiation)];
  if (credentials.kind === 'token') return logInBySite(profiles, negotiation, credentials);
  if (authentication && !memory.pins.sasl2) memory.pins = { ...memory.pins, sasl2: true };
  return logInWithSecret(profiles[0] ?? sasl(negotiation), negotiation, credentials);
};

/** Logs in, and goes on with the stream of before where there is one. Rejects with a ChatError auth/… and leaves the stream as it is. */
export const logIn = async (negotiation: Negotiation, credentials: AccountCredentials): Promise<LoggedIn | Resumed> => {
  const { stream, resume, counting } = negotiation;
  const login = await logInSomehow(negotiation, credentials);
  if (login.kind === 'resumed' || login.failed || login.jid || !resume || !child(login.features, 'sm', SM_NS)) return login;
  // XEP-0198 §5: in the place of a binding.
  const answer = await stream.ask(resume, isResumeAnswer);
  if (answer.name === 'failed') return { ...login, failed: answer };
  counting();
  return { kind: 'resumed', answer };
};

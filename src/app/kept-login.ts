/** Who stays signed in on this device, and what the device remembers of each account's logins: loaded by the first account. */
import type { Log } from '../base/log.js';
import type { KeyValue } from '../store/contract.js';
import type { LoginMemory, LoginPins, LoginSecret } from '../xmpp/auth/login-memory.js';
import { utf8 } from '../xmpp/encoding.js';
import { DEVICE } from './device.js';

export interface MemoryOptions {
  /** Whether what a login brings is to be kept for the next page; if not given, as it was chosen for this address before. */
  readonly stay?: boolean;
  /** What another tab has for the next login. */
  readonly secret?: LoginSecret;
  /** Hears what each login brought. */
  changed?(secret: LoginSecret, pins: LoginPins): void;
}

/** Who stayed signed in; `refused`: key of the sentence that says why that person has to log in all the same. */
export interface Kept {
  readonly address: string;
  readonly refused?: 'stay-not-kept';
}

export interface KeptLogins {
  /** Who stays signed in; undefined: nobody, or what was kept cannot be read any more. */
  load(): Promise<Kept | undefined>;
  /** What a session of the bare JID `address` remembers. With `stay: false` nobody stays signed in any more. */
  memory(address: string, options?: MemoryOptions): Promise<LoginMemory>;
  /** Settles when all that logins have brought so far is kept, or could not be. */
  settled(): Promise<void>;
  /** Forgets who stays signed in; no memory made before keeps anything after that. Not the id of the device and the pins, which are no secrets. */
  drop(): Promise<void>;
  /** Forgets the id of the device and the pins of an account. */
  forget(address: string): Promise<void>;
}

/** AES-GCM where the browser can keep a key that no script can read; as it is where it cannot. */
type Sealed = { readonly iv: Uint8Array<ArrayBuffer>; readonly data: ArrayBuffer } | { readonly open: LoginSecret };

interface Stored {
  readonly address: string;
  /** undefined: the server gave nothing that could be kept. */
  readonly sealed?: Sealed;
}

interface Known {
  readonly pins: LoginPins;
  readonly userAgent: string;
}

const LOGIN = 'login';
const KEY = 'login-key';

/** What is kept of an account without its secrets. */
const knownAs = (address: string): string => `login/${address}`;
/** Tokens hang on it; without https there are neither. */
const newUserAgent = (): string => (globalThis.isSecureContext ? crypto.randomUUID() : '');

export const keptLogins = ({ store, log }: { readonly store: { readonly keyvalue: KeyValue }; readonly log: Log }): KeptLogins => {
  const { keyvalue } = store;
  /** Everything that is stored or deleted goes one after the other. */
  let writing: Promise<void> = Promise.resolve();
  /** Grows with each drop: memories of before keep nothing. */
  let era = 0;

  const write = (work: () => Promise<void>): Promise<void> => {
    const done = writing.then(work);
    writing = done.catch((error: unknown) => log.report(error));
    return done;
  };

  /** A key that lasts; undefined: this browser cannot keep one. */
  const lastingKey = async (): Promise<CryptoKey | undefined> => {
    const there = await keyvalue.get<CryptoKey>(DEVICE, KEY);
    if (there) return there;
    try {
      // Cloned first, as whoever cannot clone it cannot store it either.
      const fresh = structuredClone(await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']));
      await keyvalue.set(DEVICE, KEY, fresh);
      return fresh;
    } catch (error) {
      log.warn(`This browser keeps no keys, so what is kept for the next login is not wrapped: ${String(error)}`);
      return undefined;
    }
  };

  const seal = async (address: string, secret: LoginSecret, key: CryptoKey | undefined): Promise<Sealed> => {
    if (!key) return { open: secret };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(address) }, key, utf8(JSON.stringify(secret))) };
  };

  const unseal = async ({ address, sealed }: Stored): Promise<LoginSecret | undefined> => {
    if (!sealed) return undefined;
    if ('open' in sealed) return sealed.open;
    const key = await keyvalue.get<CryptoKey>(DEVICE, KEY);
    if (!key) return undefined;
    try {
      const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv, additionalData: utf8(address) }, key, sealed.data);
      return JSON.parse(new TextDecoder().decode(text)) as LoginSecret;
    } catch (error) {
      log.warn(`What was kept for the next login cannot be read: ${String(error)}`);
      return undefined;
    }
  };

  const read = async (): Promise<(Stored & { readonly secret: LoginSecret | undefined }) | undefined> => {
    await writing;
    const stored = await keyvalue.get<Stored>(DEVICE, LOGIN);
    return stored && { ...stored, secret: await unseal(stored) };
  };

  const drop = (): Promise<void> => {
    era += 1;
    return write(async () => {
      await keyvalue.delete(DEVICE, LOGIN);
      await keyvalue.delete(DEVICE, KEY);
    });
  };

  const memory = async (address: string, { stay, secret: given, changed }: MemoryOptions = {}): Promise<LoginMemory> => {
    if (stay === false) await drop();
    const kept = await read();
    const keeps = stay ?? kept?.address === address;
    const known = (await keyvalue.get<Known>(DEVICE, knownAs(address))) ?? { pins: { strongest: 0 }, userAgent: newUserAgent() };
    const made = era;
    /** Once it was kept it is only replaced: another tab may have dropped it. */
    let first = stay === true;
    let secret = given ?? (kept?.address === address ? kept.secret : undefined) ?? {};
    let { pins } = known;
    let storedPins = '';

    const keep = async (): Promise<void> => {
      if (made !== era) return;
      if (storedPins !== JSON.stringify(pins)) {
        storedPins = JSON.stringify(pins);
        await keyvalue.set(DEVICE, knownAs(address), { pins, userAgent: known.userAgent } satisfies Known);
      }
      if (!keeps) return;
      const there = first ? undefined : await keyvalue.get<Stored>(DEVICE, LOGIN);
      if (!first && there?.address !== address) return;
      if (!secret.keys && !secret.fast) {
        // That it was wished is kept, so that the next page can say why it cannot be.
        if (first) await keyvalue.set(DEVICE, LOGIN, { address } satisfies Stored);
        first = false;
        return;
      }
      // Under the key of before, if there is one: when both are dropped at this very moment, nobody can read what is written here.
      const wrapped = there?.sealed !== undefined && 'iv' in there.sealed;
      const key = wrapped ? await keyvalue.get<CryptoKey>(DEVICE, KEY) : await lastingKey();
      if (wrapped && !key) return;
      first = false;
      await keyvalue.set(DEVICE, LOGIN, { address, sealed: await seal(address, secret, key) } satisfies Stored);
    };

    return {
      get pins() {
        return pins;
      },
      set pins(next) {
        pins = next;
      },
      get secret() {
        return secret;
      },
      set secret(next) {
        secret = next;
        changed?.(secret, pins);
        // Whoever watches `writing` reports it.
        void write(keep);
      },
      userAgent: known.userAgent,
    };
  };

  const load = async (): Promise<Kept | undefined> => {
    const kept = await read();
    if (!kept || (kept.sealed && !kept.secret)) return undefined;
    return { address: kept.address, ...(kept.sealed ? {} : { refused: 'stay-not-kept' }) };
  };

  return { load, memory, settled: () => writing, drop, forget: address => write(() => keyvalue.delete(DEVICE, knownAs(address))) };
};

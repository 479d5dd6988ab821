/** Asks by IQ and believes an answer only from whom was asked (RFC 6120 §8.2.3); the library's own caller looks at the id alone. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import { randomId } from '../base/id.js';
import { parseJid } from '../base/jid.js';
import { readError } from './stanza-error.js';
import { trouble } from './trouble.js';
import { attr, xml, type XmlElement } from './xml.js';

export interface IqParts {
  readonly environment: Environment;
  readonly domain: string;
  /** Own bare JID, undefined before it is bound. */
  self(): string | undefined;
  /** Writes a stanza; rejects when it will not be written. */
  write(stanza: XmlElement): Promise<void>;
}

export interface IqCaller {
  /** As `Session.request`. */
  request(iq: XmlElement): Promise<XmlElement>;
  /** Takes an answer; true for every IQ of type result or error, also for one that nobody asked for. */
  take(stanza: XmlElement): boolean;
  /** The connection is gone: everybody who waits is told. */
  end(error: ChatError): void;
}

interface Asked {
  readonly to: string | undefined;
  readonly cancel: Disposable;
  resolve(answer: XmlElement): void;
  reject(error: unknown): void;
}

const PATIENCE_MS = 30_000;

const full = (address: string | undefined): string | undefined => (address === undefined ? undefined : (parseJid(address)?.full ?? address));

export const createIqCaller = ({ environment, domain, self, write }: IqParts): IqCaller => {
  const asked = new Map<string, Asked>();

  /** The own server answers for itself and for the own account, under either name or none. */
  const mayAnswer = (to: string | undefined, from: string | undefined): boolean => {
    if (from === to && to !== undefined) return true;
    const home = [undefined, domain, self()];
    return home.includes(to) && home.includes(from);
  };

  return {
    request: iq =>
      new Promise((resolve, reject) => {
        const id = randomId();
        const cancel = environment.timer(PATIENCE_MS, () => {
          asked.delete(id);
          reject(trouble('time-out'));
        });
        asked.set(id, { to: full(attr(iq, 'to')), cancel, resolve, reject });
        write(xml('iq', { ...iq.attrs, id }, ...iq.children)).catch((error: unknown) => {
          asked.delete(id);
          void cancel();
          reject(error);
        });
      }),
    take: stanza => {
      const type = attr(stanza, 'type');
      if (stanza.name !== 'iq' || (type !== 'result' && type !== 'error')) return false;
      const id = attr(stanza, 'id') ?? '';
      const its = asked.get(id);
      if (!its || !mayAnswer(its.to, full(attr(stanza, 'from')))) return true;
      asked.delete(id);
      void its.cancel();
      if (type === 'result') its.resolve(stanza);
      else its.reject(readError(stanza));
      return true;
    },
    end: error => {
      for (const { cancel, reject } of asked.values()) {
        void cancel();
        reject(error);
      }
      asked.clear();
    },
  };
};

/** The way of stanzas from a stream to whoever takes them: kept back until we may speak, counted, and said to be stored when they are. */
import type { Log } from '../base/log.js';
import type { Delivery } from './delivery.js';
import type { XmlElement } from './xml.js';

export interface IntakeParts {
  readonly log: Log;
  /** Takes an answer to what we asked; false: it is none. */
  answer(stanza: XmlElement): boolean;
  /** Takes any other stanza; settles when it is stored, rejects when it is not. */
  onStanza(stanza: XmlElement): Promise<void>;
}

export interface Intake {
  take(stanza: XmlElement): void;
  /** What comes from now on counts. */
  counting(): void;
  /** We may speak: what came before goes on, all else as it comes. */
  begin(received: Delivery['received']): void;
}

export const createIntake = ({ log, answer, onStanza }: IntakeParts): Intake => {
  let early: { readonly stanza: XmlElement; readonly done: boolean; readonly counted: boolean }[] = [];
  let counts = false;
  let received: Delivery['received'] | undefined;

  const hand = (stanza: XmlElement, stored: (() => void) | undefined): void => {
    if (answer(stanza)) return stored?.();
    onStanza(stanza).then(stored, (error: unknown) => log.report(error, 'A stanza could not be stored, so the server is not told that it came.'));
  };

  return {
    take: stanza => {
      if (received) {
        const stored = received(stanza);
        return stored && hand(stanza, stored);
      }
      // An answer may come early (to the binding), but nothing else is handed on before we may speak.
      early.push({ stanza, done: answer(stanza), counted: counts });
      return undefined;
    },
    counting: () => {
      counts = true;
    },
    begin: next => {
      received = next;
      const waiting = early;
      early = [];
      for (const { stanza, done, counted } of waiting) {
        const stored = counted ? next(stanza) : undefined;
        if (done) stored?.();
        else if (stored ?? !counted) hand(stanza, stored);
      }
    },
  };
};

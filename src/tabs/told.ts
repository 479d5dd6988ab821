/** What tabs tell each other, looked at before it is believed, and errors on their way between them. */
import { ChatError, toChatError, type ErrorDomain, type Retry } from '../base/errors.js';
import { StanzaError, type StanzaErrorType } from '../xmpp/stanza-error.js';
import type { Heard, HolderState, PlainError, Told } from './channel.js';

/** What is told, and what each must carry, by the type of its value. */
const SHAPES: Readonly<Record<Told['type'], Readonly<Record<string, string>>>> = {
  hello: { build: 'number', plugins: 'object' },
  state: { state: 'object' },
  yours: {},
  tick: { visible: 'boolean', woke: 'boolean' },
  tock: {},
  send: { id: 'string', xml: 'string' },
  request: { id: 'string', xml: 'string' },
  answer: { id: 'string' },
  reconnect: {},
  live: { change: 'object' },
  touched: { touched: 'object' },
  logout: {},
};

/** Whether a state has what is read of it. */
const isState = ({ epoch, plugins, status }: Partial<Record<keyof HolderState, unknown>>): boolean =>
  Number.isFinite(epoch) && Array.isArray(plugins) && typeof (status as { readonly name?: unknown } | null | undefined)?.name === 'string';

/** Whether something that was heard is one of ours, and whole. */
export const isTold = (heard: Heard): heard is Heard & Told =>
  Object.hasOwn(SHAPES, heard.type) &&
  Object.entries(SHAPES[heard.type as Told['type']]).every(([key, kind]) => {
    const value = (heard as unknown as Readonly<Record<string, unknown>>)[key];
    return typeof value === kind && value !== null && (key !== 'state' || isState(value as Partial<HolderState>));
  });

/** An error as it can be cloned, and back. */
export const toPlain = (thrown: unknown): PlainError => {
  const { domain, code, retry, message } = toChatError(thrown);
  return { domain, code, retry, message, ...(thrown instanceof StanzaError ? { type: thrown.type, ...(thrown.text === undefined ? {} : { text: thrown.text }) } : {}) };
};
export const fromPlain = ({ domain, code, retry, message, type, text }: PlainError): ChatError =>
  type === undefined ? new ChatError(domain as ErrorDomain, code, retry as Retry, message) : new StanzaError(code, type as StanzaErrorType, text);

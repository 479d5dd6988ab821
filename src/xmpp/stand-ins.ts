/** What stands where @xmpp expects Node's emitter, its own parsers and makers of addresses and elements: the build puts it there, as we call the first alone and had them all in every page. */

type Listener = (...details: readonly unknown[]) => void;

/** As much of Node's EventEmitter as is used, under the names that a WebSocket has too. An `error` that nobody hears is not thrown. */
export class EventEmitter {
  #listeners: readonly { readonly event: string; readonly listener: Listener; readonly once: boolean }[] = [];

  on(event: string, listener: Listener, once = false): this {
    this.#listeners = [...this.#listeners, { event, listener, once }];
    return this;
  }

  addEventListener(event: string, listener: Listener): void {
    this.on(event, listener);
  }

  removeEventListener(event: string, listener: Listener): void {
    this.#listeners = this.#listeners.filter(entry => entry.event !== event || entry.listener !== listener);
  }

  emit(event: string, ...details: readonly unknown[]): boolean {
    const heard = this.#listeners.filter(entry => entry.event === event);
    for (const entry of heard) {
      if (entry.once) this.#listeners = this.#listeners.filter(other => other !== entry);
      entry.listener.apply(this, details as unknown[]);
    }
    return heard.length > 0;
  }
}

/** Settles with the event that comes first; rejects, too, after a time. */
export const promise = (target: EventEmitter, event: string, failure = 'error', ms?: number): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const timer = ms === undefined ? undefined : setTimeout(() => reject(new Error(`No “${event}” in time`)), ms);
    const end = (settle: Listener): Listener => detail => {
      clearTimeout(timer);
      settle(detail);
    };
    target.on(event, end(resolve), true).on(failure, end(reject), true);
  });

/** Listeners that come and go together. */
export const listeners = (events: Readonly<Record<string, Listener>>): Record<'subscribe' | 'unsubscribe', (target: EventEmitter) => void> => ({
  subscribe: target => {
    for (const [event, listener] of Object.entries(events)) target.addEventListener(event, listener);
  },
  unsubscribe: target => {
    for (const [event, listener] of Object.entries(events)) target.removeEventListener(event, listener);
  },
});

/** The parser that ours extends for its emitter alone, and those who are never given anything to do. */
export default EventEmitter;

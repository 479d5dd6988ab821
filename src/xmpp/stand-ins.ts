/** What stands where @xmpp expects Node's emitter, its own parsers and makers of addresses and elements: the build puts it there, as we call the first alone and had them all in every page. */

type Listener = (...details: readonly unknown[]) => void;

/** As much of Node's EventEmitter as @xmpp uses. An `error` that nobody hears is not thrown. */
export class EventEmitter {
  #listeners: readonly { readonly event: string; readonly listener: Listener; readonly once: boolean }[] = [];

  on(event: string, listener: Listener): this {
    this.#listeners = [...this.#listeners, { event, listener, once: false }];
    return this;
  }

  once(event: string, listener: Listener): this {
    this.#listeners = [...this.#listeners, { event, listener, once: true }];
    return this;
  }

  addListener(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  removeListener(event: string, listener: Listener): this {
    this.#listeners = this.#listeners.filter(entry => entry.event !== event || entry.listener !== listener);
    return this;
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

/** The parser that ours extends for its emitter alone, and those who are never given anything to do. */
export default EventEmitter;

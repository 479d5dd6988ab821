/** A script for test pages that watches what a chat takes from the page, so that a test can see what it has given back. */

/** What is held of the page at a moment. */
export interface Held {
  readonly timers: number;
  readonly frames: number;
  readonly sockets: number;
  readonly channels: number;
  /** Listeners on window, document and media queries, by their event. */
  readonly listeners: readonly string[];
  /** Observers of any kind that still observe. */
  readonly observers: number;
  readonly locks: number;
  readonly databases: number;
  /** Whether anything was ever written to local or session storage or to a cookie. */
  readonly stored: boolean;
}

declare global {
  interface Window {
    watch(): Promise<Held>;
  }
}

/** The source of the script; it must run before the tag. It counts, changes nothing, and hangs itself on `window.watch`. */
export const watcherScript = (): string => `(${install.toString()})();`;

/** Runs in the page. */
const install = (): void => {
  const timers = new Set<unknown>();
  const frames = new Set<number>();
  const sockets = new Set<WebSocket>();
  const channels = new Set<BroadcastChannel>();
  const listeners = new Map<string, number>();
  const observing = new Set<object>();

  const { setTimeout, clearTimeout, setInterval, clearInterval, requestAnimationFrame, cancelAnimationFrame } = window;
  window.setTimeout = ((run: () => void, ms?: number, ...args: unknown[]) => {
    const id = setTimeout(() => {
      timers.delete(id);
      (run as (...args: unknown[]) => void)(...args);
    }, ms);
    timers.add(id);
    return id;
  }) as typeof window.setTimeout;
  window.clearTimeout = ((id?: number) => {
    timers.delete(id);
    clearTimeout(id);
  }) as typeof window.clearTimeout;
  window.setInterval = ((run: () => void, ms?: number) => {
    const id = setInterval(run, ms);
    timers.add(id);
    return id;
  }) as typeof window.setInterval;
  window.clearInterval = ((id?: number) => {
    timers.delete(id);
    clearInterval(id);
  }) as typeof window.clearInterval;
  window.requestAnimationFrame = run => {
    const id = requestAnimationFrame(time => {
      frames.delete(id);
      run(time);
    });
    frames.add(id);
    return id;
  };
  window.cancelAnimationFrame = id => {
    frames.delete(id);
    cancelAnimationFrame(id);
  };

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.add(this);
      this.addEventListener('close', () => sockets.delete(this));
    }
  };
  window.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      channels.add(this);
    }
    override close(): void {
      channels.delete(this);
      super.close();
    }
  };

  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const shared = (target: unknown): boolean => target === window || target === document || target instanceof MediaQueryList || target === document.body || target === document.documentElement || (typeof visualViewport === 'object' && target === visualViewport);
  const known = new WeakMap<EventTarget, WeakMap<object, Set<string>>>();
  /** The events that a function hears at a target. */
  const heardBy = (target: EventTarget, run: object): Set<string> => {
    const here = known.get(target) ?? new WeakMap<object, Set<string>>();
    known.set(target, here);
    const events = here.get(run) ?? new Set<string>();
    here.set(run, events);
    return events;
  };
  const count = (type: string, by: number): void => void listeners.set(type, (listeners.get(type) ?? 0) + by);
  EventTarget.prototype.addEventListener = function (this: EventTarget, type: string, run: EventListenerOrEventListenerObject | null, options?: AddEventListenerOptions | boolean) {
    const target = (this as EventTarget | undefined) ?? window;
    addEventListener.call(target, type, run, options);
    if (!run || !shared(target)) return;
    const { signal, once = false, capture = false } = typeof options === 'object' ? options : { capture: options === true };
    if (signal?.aborted) return;
    const mine = heardBy(target, run);
    const key = `${type} ${String(capture)}`;
    if (mine.has(key)) return;
    mine.add(key);
    count(type, 1);
    const gone = (): void => {
      if (mine.delete(key)) count(type, -1);
    };
    if (signal) addEventListener.call(signal, 'abort', gone);
    if (once) addEventListener.call(target, type, gone, { once: true, capture });
  };
  EventTarget.prototype.removeEventListener = function (this: EventTarget, type: string, run: EventListenerOrEventListenerObject | null, options?: EventListenerOptions | boolean) {
    const target = (this as EventTarget | undefined) ?? window;
    removeEventListener.call(target, type, run, options);
    const capture = typeof options === 'object' ? (options.capture ?? false) : options === true;
    if (run && shared(target) && heardBy(target, run).delete(`${type} ${String(capture)}`)) count(type, -1);
  };

  for (const name of ['MutationObserver', 'ResizeObserver', 'IntersectionObserver'] as const) {
    const prototype = window[name].prototype as { observe(...args: unknown[]): void; disconnect(): void };
    const { observe, disconnect } = prototype;
    prototype.observe = function (...args: unknown[]) {
      observing.add(this);
      observe.apply(this, args);
    };
    prototype.disconnect = function () {
      observing.delete(this);
      disconnect.call(this);
    };
  }

  Object.defineProperty(window, 'watch', {
    value: async (): Promise<Held> => ({
      timers: timers.size,
      frames: frames.size,
      sockets: [...sockets].filter(({ readyState }) => readyState < 2).length,
      channels: channels.size,
      listeners: [...listeners].filter(([, many]) => many > 0).map(([type, many]) => `${type} ${many}`),
      observers: observing.size,
      locks: 'locks' in navigator ? ((await navigator.locks.query()).held?.length ?? 0) : 0,
      databases: 'databases' in indexedDB ? (await indexedDB.databases()).length : 0,
      stored: localStorage.length > 0 || sessionStorage.length > 0 || document.cookie !== '',
    }),
  });
};

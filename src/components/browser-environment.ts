/** Fills the port to the machine from the page. */
import { Disposer, type Disposable } from '../base/disposer.js';
import { forgetfulMemory, type Environment, type TabMemory } from '../base/environment.js';
import type { Log } from '../base/log.js';
import { signal } from '../base/signal.js';

/** Longer than any picture takes to be drawn: a page that nobody sees draws none. */
const FRAME_MS = 100;
/** A timer that comes this much too late means that the machine slept. */
const SLEPT_MS = 5_000;
const TICK_MS = 10_000;

/** The memory of the tab; where the page may not store anything, one that a reload empties. */
const tabMemory = (log: Log): TabMemory => {
  try {
    const { sessionStorage } = window;
    return {
      get: key => sessionStorage.getItem(`stoa ${key}`) ?? undefined,
      set: (key, value) => {
        try {
          sessionStorage.setItem(`stoa ${key}`, value);
        } catch (error) {
          log.report(error, 'The memory of this tab is full.');
        }
      },
    };
  } catch (error) {
    log.warn(`This page may not store anything: ${String(error)}`);
    return forgetfulMemory();
  }
};

/** An environment that lasts until `dispose`, which takes all listeners and timers away. */
export const browserEnvironment = (log: Log): { readonly environment: Environment; dispose(): void } => {
  const disposer = new Disposer(error => log.report(error));
  const listen = (target: EventTarget, event: string, run: (event: Event) => void): Disposable => {
    target.addEventListener(event, run);
    return disposer.own(() => target.removeEventListener(event, run));
  };
  const seen = (): boolean => document.visibilityState === 'visible';
  const visible = signal(seen());
  const online = signal(navigator.onLine);
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const run of [...wakers]) {
      try {
        run();
      } catch (error) {
        log.report(error);
      }
    }
  };

  listen(document, 'visibilitychange', () => {
    visible.value = seen();
    if (visible.peek()) wake();
  });
  listen(window, 'focus', wake);
  listen(window, 'online', () => {
    online.value = true;
    wake();
  });
  listen(window, 'offline', () => {
    online.value = false;
  });
  listen(window, 'pageshow', event => {
    if ((event as PageTransitionEvent).persisted) wake();
  });
  let ticked = Date.now();
  const clock = setInterval(() => {
    const now = Date.now();
    if (now - ticked > TICK_MS + SLEPT_MS) wake();
    ticked = now;
  }, TICK_MS);
  disposer.own(() => clearInterval(clock));

  const timer: Environment['timer'] = (ms, run) => {
    const handle = setTimeout(() => {
      void giveBack();
      run();
    }, ms);
    const giveBack = disposer.own(() => clearTimeout(handle));
    return giveBack;
  };
  return {
    environment: {
      visible,
      online,
      onWake: run => {
        const entry = (): void => run();
        wakers.add(entry);
        return () => void wakers.delete(entry);
      },
      onHide: run => listen(window, 'pagehide', run),
      now: () => Date.now(),
      timer,
      frame: () =>
        new Promise(resolve => {
          const late = setTimeout(done, FRAME_MS);
          const frame = requestAnimationFrame(done);
          function done(): void {
            clearTimeout(late);
            cancelAnimationFrame(frame);
            resolve();
          }
        }),
      tabMemory: tabMemory(log),
      // Only pages over https have it.
      persist: async () => (await navigator.storage?.persist?.()) ?? false,
    },
    dispose: () => void disposer.dispose(),
  };
};

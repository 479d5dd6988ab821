/** Fills the port to the machine from the page. */
import { Disposer, type Disposable } from '../base/disposer.js';
import { forgetfulMemory, stopwatch, type Environment, type TabMemory } from '../base/environment.js';
import type { Log } from '../base/log.js';
import { signal } from '../base/signal.js';

/** Longer than any picture takes to be drawn: a page that nobody sees draws none. */
const FRAME_MS = 100;
/** A timer that comes this much too late means that the machine slept; browsers hold back those of hidden pages by up to a minute. */
const SLEPT_MS = 5_000;
const SLEPT_HIDDEN_MS = 65_000;
const TICK_MS = 10_000;

const clocks = { now: () => Date.now(), ticks: () => performance.now() };

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
  const look = (): void => {
    visible.value = seen();
  };
  const wakers = new Set<() => void>();
  const wake = (): void => {
    // First of all, as whoever is woken may ask whether somebody looks.
    for (const run of [look, ...wakers]) {
      try {
        run();
      } catch (error) {
        log.report(error);
      }
    }
  };

  listen(document, 'visibilitychange', () => (seen() ? wake() : look()));
  // Page Lifecycle: out of a freeze.
  listen(document, 'resume', wake);
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
  let sinceTick = stopwatch(clocks);
  const clock = setInterval(() => {
    const passed = sinceTick();
    sinceTick = stopwatch(clocks);
    if (passed - TICK_MS > (seen() ? SLEPT_MS : SLEPT_HIDDEN_MS)) wake();
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
      onFreeze: run => listen(document, 'freeze', run),
      ...clocks,
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
      persist: async () => {
        try {
          return await navigator.storage.persist();
        } catch (error) {
          // There is no such thing on this page, or it may not ask.
          log.debug(`Nothing can be promised about what is stored: ${String(error)}`);
          return false;
        }
      },
    },
    dispose: () => void disposer.dispose(),
  };
};

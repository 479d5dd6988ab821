import { expect } from '@open-wc/testing';
import { createLog, type LogEntry } from '../../src/base/log.js';
import { browserEnvironment } from '../../src/components/browser-environment.js';

describe('the page as an environment', () => {
  const entries: LogEntry[] = [];
  let held: ReturnType<typeof browserEnvironment>;
  beforeEach(() => {
    entries.length = 0;
    held = browserEnvironment(createLog('test', entry => void entries.push(entry)));
  });
  afterEach(() => {
    held.dispose();
    sessionStorage.clear();
  });

  it('tells whether there is a network, and wakes when it comes back', () => {
    const { environment } = held;
    const woken: boolean[] = [];
    const off = environment.onWake(() => woken.push(environment.online.peek()));
    window.dispatchEvent(new Event('offline'));
    expect(environment.online.peek()).to.equal(false);
    window.dispatchEvent(new Event('online'));
    expect(woken).to.deep.equal([true]);
    void off();
    window.dispatchEvent(new Event('focus'));
    expect(woken).to.have.length(1);
  });

  it('asks the browser to keep what is stored, and says no where it cannot be asked', async () => {
    const { persist } = StorageManager.prototype;
    const { environment } = held;
    StorageManager.prototype.persist = () => Promise.resolve(true);
    expect(await environment.persist()).to.equal(true);
    StorageManager.prototype.persist = () => Promise.reject(new TypeError('not here'));
    expect(await environment.persist()).to.equal(false);
    StorageManager.prototype.persist = persist;
    expect(typeof (await environment.persist())).to.equal('boolean');
  });

  it('wakes on the return from the cache of pages, not on a first showing', () => {
    let woken = 0;
    held.environment.onWake(() => void (woken += 1));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    expect(woken).to.equal(0);
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(woken).to.equal(1);
  });

  it('is frozen, and wakes out of it', () => {
    const heard: string[] = [];
    held.environment.onFreeze(() => heard.push('frozen'));
    held.environment.onWake(() => heard.push('awake'));
    document.dispatchEvent(new Event('freeze'));
    document.dispatchEvent(new Event('resume'));
    expect(heard).to.deep.equal(['frozen', 'awake']);
  });

  it('knows who looks before anybody is woken', () => {
    let state: DocumentVisibilityState = 'hidden';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    try {
      const seen: boolean[] = [];
      held.environment.onWake(() => seen.push(held.environment.visible.peek()));
      document.dispatchEvent(new Event('visibilitychange'));
      expect(held.environment.visible.peek()).to.equal(false);
      expect(seen).to.deep.equal([]);
      state = 'visible';
      // Which of the two comes first differs from browser to browser.
      window.dispatchEvent(new Event('focus'));
      document.dispatchEvent(new Event('visibilitychange'));
      expect(seen).to.deep.equal([true, true]);
    } finally {
      Reflect.deleteProperty(document, 'visibilityState');
    }
  });

  it('wakes everybody though one throws', () => {
    let woken = 0;
    held.environment.onWake(() => {
      throw new Error('no');
    });
    held.environment.onWake(() => void (woken += 1));
    window.dispatchEvent(new Event('focus'));
    expect(woken).to.equal(1);
    expect(entries).to.have.length(1);
  });

  it('says when the page goes', () => {
    let gone = 0;
    held.environment.onHide(() => void (gone += 1));
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    expect(gone).to.equal(1);
  });

  it('has timers that can be cancelled, and none after its end', async () => {
    const { environment } = held;
    const rung: string[] = [];
    environment.timer(0, () => rung.push('one'));
    void environment.timer(0, () => rung.push('cancelled'))();
    await new Promise<void>(resolve => environment.timer(1, resolve));
    expect(rung).to.deep.equal(['one']);
    environment.timer(0, () => rung.push('late'));
    held.dispose();
    environment.timer(0, () => rung.push('later'));
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(rung).to.deep.equal(['one']);
  });

  describe('out of a sleep', () => {
    const realNow = Date.now;
    const { setInterval: realInterval } = globalThis;
    let tick: () => void = () => undefined;
    let slept = 0;
    let woken: number;
    beforeEach(() => {
      held.dispose();
      Object.assign(Date, { now: () => realNow() + slept });
      globalThis.setInterval = ((run: () => void) => ((tick = run), 0)) as unknown as typeof setInterval;
      held = browserEnvironment(createLog('test', entry => void entries.push(entry)));
      globalThis.setInterval = realInterval;
      woken = 0;
      held.environment.onWake(() => void (woken += 1));
    });
    afterEach(() => {
      slept = 0;
      Object.assign(Date, { now: realNow });
      Reflect.deleteProperty(document, 'visibilityState');
    });

    it('wakes when its clock comes late', () => {
      slept += 12_000;
      tick();
      expect(woken).to.equal(0);
      slept += 16_000;
      tick();
      expect(woken).to.equal(1);
      tick();
      expect(woken).to.equal(1);
    });

    it('does not take the clock of a hidden page, which browsers hold back, for a sleep', () => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
      slept += 60_000;
      tick();
      expect(woken).to.equal(0);
      slept += 80_000;
      tick();
      expect(woken).to.equal(1);
    });
  });

  it('draws a frame', async () => {
    await held.environment.frame();
  });

  it('remembers as long as the tab', () => {
    held.environment.tabMemory.set('visitor', 'a');
    expect(browserEnvironment(createLog('test', () => undefined)).environment.tabMemory.get('visitor')).to.equal('a');
    expect(held.environment.tabMemory.get('other')).to.equal(undefined);
  });

  it('hears nothing any more after its end', () => {
    let woken = 0;
    held.environment.onWake(() => void (woken += 1));
    held.environment.onHide(() => void (woken += 1));
    held.environment.onFreeze(() => void (woken += 1));
    held.dispose();
    for (const event of ['focus', 'online', 'pagehide']) window.dispatchEvent(new Event(event));
    for (const event of ['freeze', 'resume', 'visibilitychange']) document.dispatchEvent(new Event(event));
    expect(woken).to.equal(0);
  });
});

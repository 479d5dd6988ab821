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

  it('wakes on the return from the cache of pages, not on a first showing', () => {
    let woken = 0;
    held.environment.onWake(() => void (woken += 1));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    expect(woken).to.equal(0);
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(woken).to.equal(1);
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
    held.dispose();
    for (const event of ['focus', 'online', 'pagehide']) window.dispatchEvent(new Event(event));
    expect(woken).to.equal(0);
  });
});

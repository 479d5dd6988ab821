import { expect } from '@open-wc/testing';
import { createFates, type FateListener } from '../../src/xmpp/fates.js';
import { settle } from '../support/quiet.js';

describe('fates', () => {
  const listening = (into: string[], settles: () => Promise<void> = () => Promise.resolve()): FateListener => (claim, fate) => {
    into.push(`${claim} ${fate}`);
    return settles();
  };

  it('that nobody hears wait for a listener, and are told once', async () => {
    const fates = createFates();
    const told = Promise.all([fates.tell('1', 'acknowledged'), fates.tell('2', 'lost')]);
    await settle();
    const heard: string[] = [];
    fates.listen(listening(heard));
    await told;
    const late: string[] = [];
    fates.listen(listening(late));
    await fates.tell('3', 'unsent');
    expect(heard).to.deep.equal(['1 acknowledged', '2 lost']);
    expect(late).to.deep.equal(['3 unsent']);
  });

  it('are dealt with when the listener has settled, and expected until then', async () => {
    const fates = createFates();
    let done: () => void = () => undefined;
    fates.listen(listening([], () => new Promise(resolve => (done = resolve))));
    fates.expect(['1']);
    let settled = false;
    const telling = fates.tell('1', 'lost').then(() => (settled = true));
    await settle();
    expect([settled, fates.expects('1'), fates.expects('2')]).to.deep.equal([false, true, false]);
    done();
    await telling;
    expect(fates.expects('1')).to.equal(false);
  });

  it('that the listener could not deal with are told to be so, and expected no more', async () => {
    const fates = createFates();
    fates.listen(() => Promise.reject(new Error('full')));
    expect(await fates.tell('1', 'lost').catch((error: Error) => error.message)).to.equal('full');
    expect(fates.expects('1')).to.equal(false);
  });

  it('wait again when the listener has gone', async () => {
    const fates = createFates();
    const first: string[] = [];
    const second: string[] = [];
    const off = fates.listen(listening(first));
    void off();
    const telling = fates.tell('1', 'lost');
    fates.listen(listening(second));
    // It has been taken over by now.
    void off();
    await telling;
    await fates.tell('2', 'lost');
    expect([first, second]).to.deep.equal([[], ['1 lost', '2 lost']]);
  });
});

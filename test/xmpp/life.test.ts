import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { LIFE, lifeAfter, TERMINAL, type LifeEvent, type LifeState } from '../../src/xmpp/life.js';

const states = Object.keys(LIFE) as LifeState[];
/** What a person decides; all else happens by itself. */
const WISHES: readonly LifeEvent[] = ['wanted', 'now', 'unwanted'];
const events = [...new Set(states.flatMap(state => Object.keys(LIFE[state]) as LifeEvent[]))];
const itself = events.filter(event => !WISHES.includes(event));
const live = (state: LifeState, given: readonly LifeEvent[]): LifeState => given.reduce<LifeState>((at, event) => lifeAfter(at, event) ?? at, state);

/** Every state that some of the events lead to. */
const reached = (from: LifeState, by: readonly LifeEvent[]): ReadonlySet<LifeState> => {
  const found = new Set([from]);
  for (const state of found) for (const event of by) found.add(lifeAfter(state, event) ?? state);
  return found;
};

describe('the life of a connection', () => {
  it('can come to every state', () => {
    expect([...reached('idle', events)].sort()).to.deep.equal([...states].sort());
  });

  it('leaves an end by nothing but a person’s wish, whatever happens', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TERMINAL), fc.array(fc.constantFrom(...itself)), (end, happened) => {
        expect(live(end, happened)).to.equal(end);
      }),
    );
  });

  it('has a way back online by itself from wherever it is offline without an end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), happened => {
        const state = live('idle', happened);
        expect(reached(state, itself).has('online')).to.equal(!TERMINAL.includes(state));
      }),
    );
  });

  it('waits for its time only, where nothing else happens', () => {
    for (const state of ['waiting', 'offline'] as const) expect(lifeAfter(state, 'due')).to.equal('connecting');
  });

  it('is over when nobody wants it, and connects when a person wants it at once, from wherever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), happened => {
        const state = live('idle', happened);
        expect(live(state, ['unwanted'])).to.equal('idle');
        expect(live(state, ['now'])).to.be.oneOf(['connecting', 'online', 'verifying']);
      }),
    );
  });

  it('is in doubt only while online, and leaves the doubt both ways', () => {
    expect(states.filter(state => lifeAfter(state, 'asked'))).to.deep.equal(['online']);
    expect(lifeAfter('verifying', 'heard')).to.equal('online');
    expect(lifeAfter('verifying', 'lost')).to.equal('waiting');
    expect(lifeAfter('verifying', 'cut')).to.equal('offline');
  });

  it('comes online from an attempt only', () => {
    expect(states.filter(state => lifeAfter(state, 'ready'))).to.deep.equal(['connecting']);
  });

  it('sleeps with the page from every state that wants a connection, and starts by nothing but its return', () => {
    for (const state of states.filter(one => !TERMINAL.includes(one) && one !== 'sleeping')) expect(lifeAfter(state, 'away')).to.equal('sleeping');
    for (const event of itself.filter(one => one !== 'woken')) expect(lifeAfter('sleeping', event)).to.equal(undefined);
  });
});

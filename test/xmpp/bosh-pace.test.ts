import { expect } from '@open-wc/testing';
import { createPace } from '../../src/xmpp/transport/bosh-pace.js';
import type { Sent } from '../../src/xmpp/transport/bosh-requests.js';

const underWay = (rid: number, postedAt: number, wary: boolean): Sent => ({ rid, body: '<body/>', claims: [], handed: false, doubtful: false, proven: false, tries: 1, copies: 0, wary, postedAt, answeredAt: 0, on: new AbortController() });

describe('a request over BOSH that is under way', () => {
  for (const remembers of [true, false]) {
    it(`is taken for arrived after 0.2 s while all is well, ${remembers ? 'by one like Prosody' : 'by one like ejabberd'}`, () => {
      let now = 1_000;
      const sent = underWay(1, now, false);
      const pace = createPace({ list: [sent], now: () => now, wait: () => 50, remembers: () => remembers, began: () => true });
      expect(pace.arrived(sent)).to.equal(false);
      now += 199;
      expect(pace.arrived(sent)).to.equal(false);
      now += 1;
      expect(pace.arrived(sent)).to.equal(true);
    });
  }

  it('is not taken for it before 1.5 s when it went out in trouble, be it in the same moment', () => {
    let now = 1_000;
    const pace = createPace({ list: [], now: () => now, wait: () => 50, remembers: () => true, began: () => true });
    expect(pace.troubled()).to.equal(false);
    pace.doubt();
    expect(pace.troubled()).to.equal(true);
    const sent = underWay(1, now, pace.troubled());
    now += 1_499;
    expect(pace.arrived(sent)).to.equal(false);
    now += 1;
    expect(pace.arrived(sent)).to.equal(true);
    now += 28_500;
    expect(pace.troubled()).to.equal(false);
  });

  it('is not taken for it at all in trouble by one like ejabberd, which a copy tells of', () => {
    let now = 1_000;
    const pace = createPace({ list: [], now: () => now, wait: () => 50, remembers: () => false, began: () => true });
    pace.doubt();
    const sent = underWay(1, now, true);
    now += 10_000;
    expect(pace.arrived(sent)).to.equal(false);
    expect(pace.whenArrived(sent)).to.be.lessThan(0);
  });
});

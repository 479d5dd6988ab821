import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';

describe('ids', () => {
  it('do not repeat and are safe in XML and addresses', () => {
    const ids = Array.from({ length: 1000 }, randomId);
    expect(new Set(ids).size).to.equal(1000);
    expect(ids.every(id => /^[a-z2-7]{26}$/u.test(id))).to.equal(true);
  });
});

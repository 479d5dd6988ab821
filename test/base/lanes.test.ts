import { expect } from '@open-wc/testing';
import { Lanes } from '../../src/base/lanes.js';

describe('lanes', () => {
  it('runs one lane in order while another goes on, and survives a job that fails', async () => {
    const lanes = new Lanes();
    const said: string[] = [];
    let release!: () => void;
    const held = new Promise<void>(resolve => (release = resolve));
    const first = lanes.run('a', async () => {
      await held;
      said.push('a1');
      throw new Error('a1 broke');
    });
    const second = lanes.run('a', () => void said.push('a2'));
    await lanes.run('b', () => void said.push('b1'));
    release();
    await first.catch(() => said.push('caught'));
    await second;
    expect(said[0]).to.equal('b1');
    expect(said).to.have.members(['b1', 'a1', 'caught', 'a2']);
    expect(said.indexOf('a2')).to.be.greaterThan(said.indexOf('a1'));
  });
});

import { expect } from '@open-wc/testing';
import { Emitter } from '../../src/base/emitter.js';

describe('emitter', () => {
  it('reports a listener that throws and goes on to the next', () => {
    const errors: unknown[] = [];
    const heard: number[] = [];
    const emitter = new Emitter<{ tick: number }>(error => errors.push(error));
    emitter.on('tick', () => {
      throw new Error('no');
    });
    const off = emitter.on('tick', value => heard.push(value));
    emitter.emit('tick', 1);
    void off();
    emitter.emit('tick', 2);
    expect(heard).to.deep.equal([1]);
    expect(errors).to.have.length(2);
  });
});

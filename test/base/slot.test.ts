import { expect } from '@open-wc/testing';
import { defineService, defineSlot, Registry } from '../../src/base/slot.js';

describe('registry', () => {
  const slot = defineSlot<string>('words');
  const service = defineService<{ readonly name: string }>('names');

  it('keeps the order, and a value added twice is one', () => {
    const registry = new Registry();
    registry.add(slot, 'a', 'one');
    registry.add(slot, 'b', 'two');
    registry.add(slot, 'a', 'three');
    expect(registry.all(slot).value).to.deep.equal([{ owner: 'one', value: 'a' }, { owner: 'two', value: 'b' }]);
  });

  it('takes away what was added', () => {
    const registry = new Registry();
    const remove = registry.add(slot, 'a', 'one');
    void remove();
    expect(registry.all(slot).value).to.deep.equal([]);
  });

  it('refuses a second owner of a service and names both', () => {
    const registry = new Registry();
    registry.provide(service, { name: 'x' }, 'one');
    expect(() => registry.provide(service, { name: 'y' }, 'two')).to.throw('“two” offers the service “names”, which “one” offers already');
    expect(registry.find(service).value?.owner).to.equal('one');
  });
});

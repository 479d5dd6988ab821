import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';
import { createLease, type Lease } from '../../src/tabs/lease.js';
import { until } from '../support/until.js';

/** Leases of several tabs of one name, and what they were told. */
const leases = () => {
  const name = `test ${randomId()}`;
  const told: string[] = [];
  const lease = (who: string): Lease =>
    createLease({ name, locks: navigator.locks, onHeld: () => void told.push(`${who} holds`), onLost: () => void told.push(`${who} lost`), onRefused: error => void told.push(`${who} ${String(error)}`) });
  const heard = (what: string): Promise<unknown> => until(what, () => told.includes(what), () => told.join(', '));
  const held = async (): Promise<number> => ((await navigator.locks.query()).held ?? []).filter(lock => lock.name === name).length;
  return { lease, told, heard, held };
};

describe('a lease', () => {
  it('is held by one, and handed on when it is given back', async () => {
    const { lease, told, heard, held } = leases();
    const [a, b] = [lease('a'), lease('b')];
    a.request();
    await heard('a holds');
    b.request();
    await until('b to wait', () => a.wanted());
    expect(told).to.deep.equal(['a holds']);
    a.release();
    await heard('b holds');
    b.release();
    await until('nothing held', async () => (await held()) === 0);
    expect(told).to.deep.equal(['a holds', 'b holds']);
  });

  it('asked for twice is held once', async () => {
    const { lease, told, heard, held } = leases();
    const a = lease('a');
    a.request();
    a.request();
    await heard('a holds');
    expect(await a.wanted()).to.equal(false);
    a.release();
    await until('nothing held', async () => (await held()) === 0);
    expect(told).to.deep.equal(['a holds']);
  });

  it('is told to be lost when it is stolen, and can be asked for again', async () => {
    const { lease, told, heard } = leases();
    const [a, b] = [lease('a'), lease('b')];
    a.request();
    await heard('a holds');
    b.request();
    b.steal();
    await heard('a lost');
    await heard('b holds');
    a.request();
    await until('a to wait', () => b.wanted());
    b.release();
    await until('a again', () => told.filter(what => what === 'a holds').length === 2);
    a.release();
  });

  it('that was given back before its turn is nobody’s', async () => {
    const { lease, told, heard, held } = leases();
    const [a, b] = [lease('a'), lease('b')];
    a.request();
    await heard('a holds');
    b.request();
    await until('b to wait', () => a.wanted());
    b.release();
    a.release();
    await until('nothing held', async () => (await held()) === 0);
    expect(told).to.deep.equal(['a holds']);
  });

  it('of a page that may not lock anything is refused', async () => {
    const told: string[] = [];
    const locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) } as unknown as LockManager;
    createLease({ name: 'x', locks, onHeld: () => void told.push('held'), onLost: () => void told.push('lost'), onRefused: () => void told.push('refused') }).request();
    await until('refusal', () => told.length > 0);
    expect(told).to.deep.equal(['refused']);
  });
});

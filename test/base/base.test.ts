import { expect } from '@open-wc/testing';
import { Disposer } from '../../src/base/disposer.js';
import { Emitter } from '../../src/base/emitter.js';
import { randomId } from '../../src/base/id.js';
import { bareJid, parseJid } from '../../src/base/jid.js';
import { runPipeline } from '../../src/base/pipeline.js';
import { Lanes } from '../../src/base/lanes.js';
import { defineService, defineSlot, Registry } from '../../src/base/slot.js';

describe('disposer', () => {
  it('gives back in reverse order, each in its own guard', async () => {
    const said: string[] = [];
    const disposer = new Disposer(error => said.push(String(error)));
    disposer.own(() => void said.push('first'));
    disposer.own(() => {
      throw new Error('broken');
    });
    disposer.own(() => void said.push('last'));
    await disposer.dispose();
    expect(said).to.deep.equal(['last', 'Error: broken', 'first']);
  });

  it('gives back once, early or at the end', async () => {
    let count = 0;
    const disposer = new Disposer(() => undefined);
    const early = disposer.own(() => void count++);
    await early();
    await early();
    await disposer.dispose();
    expect(count).to.equal(1);
  });

  it('gives back at once what comes after the end', async () => {
    let given = false;
    const disposer = new Disposer(() => undefined);
    await disposer.dispose();
    disposer.own(() => void (given = true));
    expect(given).to.equal(true);
  });
});

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

describe('pipeline', () => {
  const phases = ['open', 'read'] as const;
  type Phase = (typeof phases)[number];
  const step = (owner: string, phase: Phase, run: (draft: string[]) => 'drop' | undefined) => ({ owner, value: { phase, run } });

  it('runs by phase, not by the order of adding', async () => {
    const draft: string[] = [];
    await runPipeline(phases, [step('late', 'read', d => void d.push('read')), step('early', 'open', d => void d.push('open'))] as never, draft);
    expect(draft).to.deep.equal(['open', 'read']);
  });

  it('stops at an answer and says whose it was', async () => {
    const draft: string[] = [];
    const halt = await runPipeline(phases, [step('guard', 'open', () => 'drop'), step('reader', 'read', d => void d.push('read'))] as never, draft);
    expect(halt).to.deep.equal({ kind: 'answer', owner: 'guard', answer: 'drop' });
    expect(draft).to.deep.equal([]);
  });

  it('tells which step threw', async () => {
    const broken = new Error('broken');
    const halt = await runPipeline(phases, [step('bad', 'open', () => { throw broken; })] as never, []);
    expect(halt).to.deep.equal({ kind: 'error', owner: 'bad', error: broken });
  });
});

describe('addresses', () => {
  it('normalises', () => {
    expect(parseJid('Ana@EXAMPLE.org/Phone')).to.deep.include({ local: 'ana', domain: 'example.org', resource: 'Phone', bare: 'ana@example.org', full: 'ana@example.org/Phone' });
    expect(bareJid('a@b/c@d/e')).to.equal('a@b');
    expect(bareJid('MÜNCHEN.example')).to.equal('münchen.example');
    expect(bareJid('xn--mnchen-3ya.example')).to.equal('xn--mnchen-3ya.example');
    expect(bareJid('ex\u00ADample.org')).to.equal('example.org');
    expect(bareJid('example.org.')).to.equal('example.org');
  });

  for (const text of ['', '@', '/', '@example.org', 'ana@', 'a b@example.org', 'a@b@c', 'ana@exam ple', 'ana@example.org/', 'ana@example.org/\u0000', `${'x'.repeat(1024)}@example.org`, 'a@b:5222', 'a@b?c', "a'b@example.org", '<a>@b', 'a@münchen／b', 'a@b＆ü', 'x'.repeat(4000)]) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))} without throwing`, () => {
      expect(parseJid(text)).to.equal(undefined);
    });
  }

  it('refuses what is no text', () => {
    expect(parseJid(undefined)).to.equal(undefined);
    expect(parseJid(null)).to.equal(undefined);
  });
});

describe('ids', () => {
  it('do not repeat and are safe in XML and addresses', () => {
    const ids = Array.from({ length: 1000 }, randomId);
    expect(new Set(ids).size).to.equal(1000);
    expect(ids.every(id => /^[a-z2-7]{26}$/u.test(id))).to.equal(true);
  });
});

import { expect } from '@open-wc/testing';
import { definePlugin, type Plugin, type PluginContext } from '../../src/app/plugin.js';
import { createPluginHost } from '../../src/app/plugin-host.js';
import { defineService, defineSlot } from '../../src/base/slot.js';
import { fakeSignedIn } from '../support/fake-signed-in.js';

const words = defineSlot<string>('words');
const greeter = defineService<() => string>('greeter');

/** A plugin that notes its life. */
const noting = (said: string[], id: string, requires: readonly string[] = [], extra: (ctx: PluginContext) => void | Promise<void> = () => undefined): Plugin =>
  definePlugin({
    id,
    requires,
    setup(ctx) {
      said.push(`+${id}`);
      ctx.own(() => void said.push(`-${id}`));
      return extra(ctx);
    },
  });

const state = (host: ReturnType<typeof createPluginHost>, id: string) => host.states.value.get(id);
const reason = (host: ReturnType<typeof createPluginHost>, id: string): string => {
  const its = state(host, id);
  return its?.name === 'failed' ? its.reason : `is ${its?.name ?? 'unknown'}`;
};

describe('plugin host', () => {
  it('starts by requires and stops in reverse', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'roof', ['walls']), noting(said, 'walls', ['ground']), noting(said, 'ground')], log);
    await host.start(signedIn);
    expect(said).to.deep.equal(['+ground', '+walls', '+roof']);
    await host.stop();
    expect(said.slice(3)).to.deep.equal(['-roof', '-walls', '-ground']);
  });

  it('says what is missing, and starts the others', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'roof', ['walls']), noting(said, 'chimney', ['roof']), noting(said, 'tree')], log);
    await host.start(signedIn);
    expect(said).to.deep.equal(['+tree']);
    expect(reason(host, 'roof')).to.equal('“roof” requires “walls”, which is not there');
    expect(reason(host, 'chimney')).to.equal('“chimney” requires “roof”, which could not start');
  });

  it('names a circle, and who leans on it', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'leaf', ['hen']), noting(said, 'hen', ['egg']), noting(said, 'egg', ['hen'])], log);
    await host.start(signedIn);
    expect(said).to.deep.equal([]);
    expect(reason(host, 'hen')).to.contain('hen → egg → hen');
    expect(reason(host, 'egg')).to.contain('circle');
    expect(reason(host, 'leaf')).to.equal('“leaf” requires “hen”, which could not start');
  });

  it('undoes what a plugin added when its setup throws, fails its dependants and goes on', async () => {
    const said: string[] = [];
    const { signedIn, log, registry, entries } = fakeSignedIn();
    const broken = noting(said, 'broken', [], ctx => {
      ctx.add(words, 'left over');
      throw new Error('no bricks');
    });
    const host = createPluginHost([broken, noting(said, 'dependant', ['broken']), noting(said, 'other')], log);
    await host.start(signedIn);
    expect(registry.all(words).value).to.deep.equal([]);
    expect(said).to.deep.equal(['+broken', '-broken', '+other']);
    expect(reason(host, 'broken')).to.equal('“broken” could not start: no bricks');
    expect(reason(host, 'dependant')).to.equal('“dependant” requires “broken”, which could not start');
    expect(entries.find(({ owner }) => owner === 'broken')?.text).to.equal('“broken” could not start: no bricks');
  });

  it('fires abort before anything is undone', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'one', [], ctx => ctx.abort.addEventListener('abort', () => said.push('abort')))], log);
    await host.start(signedIn);
    await host.stop();
    expect(said).to.deep.equal(['+one', 'abort', '-one']);
  });

  it('starts a plugin that is added at run time, with those that waited for it', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'roof', ['walls'])], log);
    await host.start(signedIn);
    expect(await host.add(noting(said, 'walls'))).to.deep.equal({ name: 'active' });
    expect(said).to.deep.equal(['+walls', '+roof']);
  });

  it('does not try again what has failed when another plugin comes, until the next sign-in', async () => {
    const said: string[] = [];
    const { signedIn, log, entries } = fakeSignedIn();
    const broken = noting(said, 'broken', [], () => {
      throw new Error('no bricks');
    });
    const host = createPluginHost([broken, noting(said, 'dependant', ['broken'])], log);
    await host.start(signedIn);
    const told = entries.length;
    await host.add(noting(said, 'other'));
    expect(said).to.deep.equal(['+broken', '-broken', '+other']);
    expect(entries).to.have.length(told);
    await host.stop();
    await host.start(signedIn);
    expect(said.slice(3)).to.deep.equal(['-other', '+broken', '-broken', '+other']);
  });

  it('tries again what has failed once it was removed and added', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    let bricks = false;
    const picky = noting(said, 'picky', [], () => {
      if (!bricks) throw new Error('no bricks');
    });
    const host = createPluginHost([picky], log);
    await host.start(signedIn);
    bricks = true;
    await host.remove('picky');
    expect(await host.add(picky)).to.deep.equal({ name: 'active' });
  });

  it('only knows a plugin that is added while nobody is signed in', async () => {
    const { log } = fakeSignedIn();
    const host = createPluginHost([], log);
    expect(await host.add(noting([], 'early'))).to.deep.equal({ name: 'known' });
  });

  it('removes a plugin at run time after those that lean on it', async () => {
    const said: string[] = [];
    const { signedIn, log, registry } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'ground', [], ctx => void ctx.add(words, 'soil')), noting(said, 'walls', ['ground']), noting(said, 'tree')], log);
    await host.start(signedIn);
    await host.remove('ground');
    expect(said.slice(3)).to.deep.equal(['-walls', '-ground']);
    expect(state(host, 'tree')).to.deep.equal({ name: 'active' });
    expect(registry.all(words).value).to.deep.equal([]);
  });

  it('refuses an id that is taken and leaves the first alone', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    const host = createPluginHost([noting(said, 'one')], log);
    await host.start(signedIn);
    expect(await host.add(noting(said, 'one'))).to.deep.equal({ name: 'failed', reason: 'There is a plugin “one” already' });
    expect(state(host, 'one')).to.deep.equal({ name: 'active' });
  });

  it('does not wait for a setup that never ends once the sign-in is over', async () => {
    const said: string[] = [];
    const { signedIn, log } = fakeSignedIn();
    let begin!: () => void;
    const begun = new Promise<void>(resolve => (begin = resolve));
    const stuck = noting(said, 'stuck', [], () => {
      begin();
      return new Promise(() => undefined);
    });
    const host = createPluginHost([stuck, noting(said, 'next')], log);
    const started = host.start(signedIn);
    await begun;
    await host.stop();
    await started;
    expect(said).to.deep.equal(['+stuck', '-stuck']);
  });

  it('contains a listener that throws and reports it under the plugin’s id', async () => {
    const { signedIn, log, events, entries } = fakeSignedIn();
    const host = createPluginHost([definePlugin({ id: 'loud', setup: ctx => void ctx.on('unread', () => { throw new Error('boom'); }) })], log);
    await host.start(signedIn);
    events.emit('unread', 1);
    expect(entries.filter(({ level }) => level === 'error').map(({ owner, text }) => [owner, text])).to.deep.equal([['loud', 'boom']]);
  });

  it('hands a service from one plugin to another and takes it back', async () => {
    const { signedIn, log, registry } = fakeSignedIn();
    let greeting = '';
    const host = createPluginHost([
      definePlugin({ id: 'guest', requires: ['host'], setup: ctx => void (greeting = ctx.use(greeter)()) }),
      definePlugin({ id: 'host', setup: ctx => void ctx.provide(greeter, () => 'hello') }),
    ], log);
    await host.start(signedIn);
    expect(greeting).to.equal('hello');
    await host.remove('host');
    expect(registry.find(greeter).value).to.equal(undefined);
    expect(state(host, 'guest')).to.deep.equal({ name: 'disposed' });
  });

  it('runs whileOnline at every login and gives back at every end', async () => {
    const said: string[] = [];
    const { signedIn, log, online, offline } = fakeSignedIn();
    const host = createPluginHost([definePlugin({ id: 'watch', setup: ctx => void ctx.whileOnline(() => { said.push('on'); return () => void said.push('off'); }) })], log);
    await host.start(signedIn);
    online();
    offline();
    online();
    await host.stop();
    expect(said).to.deep.equal(['on', 'off', 'on', 'off']);
  });

  it('remembers settings per plugin, and passes over a stored value of another type', async () => {
    const { signedIn, log, kept } = fakeSignedIn();
    kept.set('ana@example.org plugin/set/settings', { loud: 'yes', size: 3 });
    let context: PluginContext<{ loud: boolean; size: number }> | undefined;
    const plugin = definePlugin({ id: 'set', settings: { loud: false as boolean, size: 1 as number }, setup: ctx => void (context = ctx) });
    const host = createPluginHost([plugin], log);
    await host.start(signedIn);
    expect(context?.settings.loud.value).to.equal(false);
    expect(context?.settings.size.value).to.equal(3);
    if (context) context.settings.loud.value = true;
    expect(kept.get('ana@example.org plugin/set/settings')).to.deep.equal({ loud: true, size: 3 });
  });

  it('refuses a plugin that is none', () => {
    expect(() => definePlugin({ id: 'Not An Id', setup: () => undefined })).to.throw('A plugin');
    expect(() => definePlugin({ id: 'x' } as unknown as Plugin)).to.throw('has no setup function');
  });
});

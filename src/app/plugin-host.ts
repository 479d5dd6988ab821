/** Starts plugins in order, contains the ones that fail, and stops them in reverse. */
import { chunk } from '../base/chunk.js';
import { toChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { Lanes } from '../base/lanes.js';
import { signal, type ReadonlySignal } from '../base/signal.js';
import { within } from '../store/patience.js';
import { createContext, type SignedIn } from './plugin-context.js';
import type { Order } from './plugin-order.js';
import type { Plugin, PluginState } from './plugin.js';

/** Plugins can come and go while the chat runs. */
export interface Plugins {
  readonly states: ReadonlySignal<ReadonlyMap<string, PluginState>>;
  /** Adds a plugin, starting it at once when somebody is signed in. An id that is taken is refused. Settles when it is active or has failed; as `known` while nobody is signed in. */
  add(plugin: Plugin): Promise<PluginState>;
  /** Stops a plugin and those that require it, and forgets it. */
  remove(id: string): Promise<void>;
}

export interface PluginHost extends Plugins {
  /** Starts all plugins for a sign-in. `onActive` runs after each one's setup. */
  start(signedIn: SignedIn, onActive?: (id: string) => void | Promise<void>): Promise<void>;
  /** Stops all plugins in reverse order. */
  stop(): Promise<void>;
}

interface Present {
  readonly signedIn: SignedIn;
  readonly onActive: (id: string) => void | Promise<void>;
  /** Fires when the sign-in ends, so that a setup that never settles holds up nobody. */
  readonly leaving: AbortController;
}

const PATIENCE_MS = 10_000;
const STOPPING_MS = 1_000;

/** Waits for a setup, but neither for ever nor past the end of the sign-in. */
const patiently = (setup: void | Promise<void>, { signedIn, leaving }: Present): void | Promise<void> => {
  if (!(setup instanceof Promise)) return undefined;
  return new Promise((resolve, reject) => {
    const give = (settle: () => void): void => {
      void cancel();
      settle();
    };
    const cancel = signedIn.environment.timer(PATIENCE_MS, () => reject(new Error(`its setup did not finish within ${PATIENCE_MS / 1000} seconds`)));
    leaving.signal.addEventListener('abort', () => give(() => reject(new Error('the sign-in ended before its setup was done'))), { once: true });
    setup.then(() => give(resolve), (error: unknown) => give(() => reject(error)));
  });
};

/** A host that knows `plugins` from the start. */
export const createPluginHost = (plugins: readonly Plugin[], log: Log): PluginHost => {
  const states = signal<ReadonlyMap<string, PluginState>>(new Map());
  const known: Plugin[] = [];
  /** Insertion order is the order of starting. */
  const running = new Map<string, { readonly plugin: Plugin; dispose(): Promise<void> }>();
  /** Ids of those whose setup failed: it does not run again in this sign-in, whoever else comes. */
  const broken = new Set<string>();
  const lanes = new Lanes();
  const alone = <T>(job: () => Promise<T>): Promise<T> => lanes.run('host', job);
  let present: Present | undefined;
  let leaving = new AbortController();

  const set = (id: string, state: PluginState): PluginState => {
    states.value = new Map(states.peek()).set(id, state);
    return state;
  };
  const fail = (id: string, reason: string, error?: unknown): PluginState => {
    log.for(id).report(toChatError(error ?? new Error(reason), 'plugin', 'failed'), reason);
    return set(id, { name: 'failed', reason });
  };
  const hasFailed = (id: string): boolean => states.peek().get(id)?.name === 'failed';
  const know = (plugin: Plugin): boolean => {
    if (known.some(({ id }) => id === plugin.id)) return false;
    known.push(plugin);
    set(plugin.id, { name: 'known' });
    return true;
  };
  for (const plugin of plugins) if (!know(plugin)) log.warn(`There are two plugins “${plugin.id}”; the second is left out.`);

  const startOne = async (plugin: Plugin): Promise<void> => {
    if (!present || running.has(plugin.id) || broken.has(plugin.id)) return;
    const asleep = (plugin.requires ?? []).find(id => !running.has(id));
    if (asleep !== undefined) {
      if (!hasFailed(plugin.id)) fail(plugin.id, `“${plugin.id}” requires “${asleep}”, which could not start`);
      return;
    }
    set(plugin.id, { name: 'loading' });
    let dispose: (() => Promise<void>) | undefined;
    try {
      const made = await createContext(plugin, present.signedIn);
      dispose = made.dispose;
      await patiently(plugin.setup(made.ctx), present);
    } catch (error) {
      await dispose?.();
      if (present.leaving.signal.aborted) return void set(plugin.id, { name: 'disposed' });
      broken.add(plugin.id);
      const reason = error instanceof Error ? error.message : String(error);
      return void fail(plugin.id, `“${plugin.id}” could not start: ${reason}`, error);
    }
    running.set(plugin.id, { plugin, dispose });
    set(plugin.id, { name: 'active' });
    await present.onActive(plugin.id);
    return undefined;
  };

  /** Only plugins that require others have an order. Where that cannot be had, those that come too early fail. */
  const inOrder = async (): Promise<Order> => {
    const asKnown = { start: [...known], refused: [] };
    if (!known.some(({ requires = [] }) => requires.length > 0)) return asKnown;
    return chunk(import('./plugin-order.js')).then(
      ({ orderPlugins }) => orderPlugins(known),
      (error: unknown) => {
        log.report(error);
        return asKnown;
      },
    );
  };

  const startAll = async (): Promise<void> => {
    if (!present) return;
    const { start, refused } = await inOrder();
    for (const { plugin, reason } of refused) if (!hasFailed(plugin.id)) fail(plugin.id, reason);
    for (const plugin of start) if (!present.leaving.signal.aborted) await startOne(plugin);
  };

  const stopOne = async (id: string): Promise<void> => {
    const entry = running.get(id);
    if (!entry) return;
    for (const [other, { plugin }] of [...running].reverse()) if (plugin.requires?.includes(id)) await stopOne(other);
    running.delete(id);
    // A sign-out and the end of the chat wait for it, though not for ever.
    await within(STOPPING_MS, entry.dispose()).catch(() => log.warn(`The plugin “${id}” has not given back what it had.`));
    set(id, { name: 'disposed' });
  };

  return {
    states,
    add: plugin =>
      alone(async () => {
        if (!know(plugin)) return { name: 'failed', reason: `There is a plugin “${plugin.id}” already` };
        await startAll();
        return states.peek().get(plugin.id) ?? { name: 'known' };
      }),
    remove: id =>
      alone(async () => {
        await stopOne(id);
        const index = known.findIndex(plugin => plugin.id === id);
        if (index >= 0) known.splice(index, 1);
        broken.delete(id);
        set(id, { name: 'disposed' });
      }),
    start: (signedIn, onActive = () => undefined) => {
      const next: Present = { signedIn, onActive, leaving: (leaving = new AbortController()) };
      return alone(async () => {
        present = next;
        await startAll();
      });
    },
    stop: () => {
      leaving.abort();
      return alone(async () => {
        for (const id of [...running.keys()].reverse()) await stopOne(id);
        present = undefined;
        broken.clear();
        states.value = new Map(known.map(({ id }) => [id, { name: 'known' }]));
      });
    },
  };
};

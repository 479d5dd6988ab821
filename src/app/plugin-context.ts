/** The hands of a plugin: whatever passes through them is owned and given back. */
import { chunk } from '../base/chunk.js';
import { Disposer } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import type { Emitter } from '../base/emitter.js';
import type { Log } from '../base/log.js';
import { computed, type Signal } from '../base/signal.js';
import type { Registry, Service, Slot } from '../base/slot.js';
import type { Model } from '../model/model.js';
import type { Store } from '../store/store.js';
import type { LiveValues } from '../tabs/live.js';
import type { SharedSession } from '../tabs/contract.js';
import { whileOnline } from '../tabs/while-online.js';
import type { Disco } from '../xmpp/disco.js';
import type { ChatEvents } from './events.js';
import { uiParts, type Plugin, type PluginContext, type PluginStorage } from './plugin.js';

/** What one sign-in offers to all plugins. */
export interface SignedIn {
  readonly account: string;
  readonly session: SharedSession;
  readonly model: Model;
  readonly disco: Disco;
  readonly store: Store;
  readonly registry: Registry;
  readonly live: LiveValues;
  readonly environment: Environment;
  readonly events: Emitter<ChatEvents>;
  readonly log: Log;
}

const storageOf = (store: Store, account: string, id: string): PluginStorage => ({
  get: key => store.keyvalue.get(account, `plugin/${id}/${key}`),
  set: (key, value) => store.keyvalue.set(account, `plugin/${id}/${key}`, value),
  delete: key => store.keyvalue.delete(account, `plugin/${id}/${key}`),
});

/** Makes the context of one plugin for one sign-in. */
export const createContext = async (plugin: Plugin, { account, session, model, disco, store, registry, live, environment, events, log: all }: SignedIn): Promise<{ readonly ctx: PluginContext; dispose(): Promise<void> }> => {
  const { id } = plugin;
  const log = all.for(id);
  const report = (error: unknown): void => log.report(error);
  const disposer = new Disposer(report);
  const aborter = new AbortController();
  const storage = storageOf(store, account, id);
  const { settings, dispose: forgetSettings = () => undefined } = plugin.settings ? await (await chunk(import('./settings.js'))).createSettings(plugin.settings, storage, report) : { settings: {} };
  disposer.own(forgetSettings);
  const own = disposer.own.bind(disposer);
  const contained = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      report(error);
    }
  };
  const ctx: PluginContext = {
    id,
    session,
    model,
    disco,
    settings,
    storage,
    log,
    abort: aborter.signal,
    own,
    timer: (ms, run) => {
      const done = own(environment.timer(ms, () => {
        void done();
        contained(run);
      }));
      return done;
    },
    add: <T>(slot: Slot<T>, value: T) => own(registry.add(slot, value, id)),
    provide: <T>(service: Service<T>, value: T) => own(registry.provide(service, value, id)),
    use: <T>(service: Service<T>): T => {
      const entry = registry.find(service).peek();
      if (!entry) throw new ChatError('plugin', 'service-missing', 'no', `Nobody offers the service “${service.service}”`);
      return entry.value;
    },
    find: <T>(service: Service<T>) => computed(() => registry.find(service).value?.value),
    live: <T>(name: string, initial: T): Signal<T> => live.live(`${id}/${name}`, initial),
    on: (event, run) => own(events.on(event, detail => contained(() => run(detail)))),
    whileOnline: run => own(whileOnline(session, run, report)),
    ui: load => own(registry.add(uiParts, { ctx, load }, id)),
  };
  return {
    ctx,
    dispose: () => {
      aborter.abort();
      return disposer.dispose();
    },
  };
};

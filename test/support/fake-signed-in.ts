/** A sign-in without a server or a store, for tests of what plugins are handed. */
import { Emitter } from '../../src/base/emitter.js';
import { headlessEnvironment } from '../../src/base/environment.js';
import { createLog, type LogEntry } from '../../src/base/log.js';
import { signal } from '../../src/base/signal.js';
import { Registry } from '../../src/base/slot.js';
import type { ChatEvents } from '../../src/app/events.js';
import type { SignedIn } from '../../src/app/plugin-context.js';
import { createLiveValues } from '../../src/tabs/live.js';

interface SessionEvents {
  online: unknown;
  offline: unknown;
}

/** Everything a plugin context is made of; `online` and `offline` play the session. */
export const fakeSignedIn = () => {
  const entries: LogEntry[] = [];
  const log = createLog('test', entry => void entries.push(entry));
  const kept = new Map<string, unknown>();
  const registry = new Registry();
  const events = new Emitter<ChatEvents>(error => log.report(error));
  const sessionEvents = new Emitter<SessionEvents>(error => log.report(error));
  const isOnline = signal(false);
  const session = { online: isOnline, on: sessionEvents.on.bind(sessionEvents) };
  const keyvalue = {
    get: (account: string, key: string) => Promise.resolve(kept.get(`${account} ${key}`)),
    set: (account: string, key: string, value: unknown) => Promise.resolve(void kept.set(`${account} ${key}`, value)),
    delete: (account: string, key: string) => Promise.resolve(void kept.delete(`${account} ${key}`)),
  };
  const environment = headlessEnvironment();
  const signedIn = { account: 'ana@example.org', session, model: {}, disco: {}, store: { keyvalue }, registry, live: createLiveValues(), environment, events, log } as unknown as SignedIn;
  return {
    signedIn, registry, entries, log, kept, events,
    online: (): void => {
      isOnline.value = true;
      sessionEvents.emit('online', {});
    },
    offline: (): void => {
      isOnline.value = false;
      sessionEvents.emit('offline', {});
    },
  };
};

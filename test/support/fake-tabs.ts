/** Tabs of one browser in one page: real locks and a real channel between shared sessions, with sessions that a test plays. */
import { randomId } from '../../src/base/id.js';
import { createLog, type LogEntry } from '../../src/base/log.js';
import { ChatError } from '../../src/base/errors.js';
import { Emitter } from '../../src/base/emitter.js';
import type { Environment } from '../../src/base/environment.js';
import { signal } from '../../src/base/signal.js';
import type { Status } from '../../src/entities/status.js';
import type { SharedParts, SharedSession, TabParts } from '../../src/tabs/contract.js';
import { createSharedSession } from '../../src/tabs/shared-session.js';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import type { Session, SessionEvents } from '../../src/xmpp/session.js';
import { forgetfulStorage } from '../../src/xmpp/session-storage.js';
import { serialize, xml, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment, type FakeEnvironment } from './fake-environment.js';

/** A session without a server: it is online as soon as it is asked to be. */
export interface PlayedSession extends Session {
  account: string | undefined;
  /** What was done to it, in order: `connect`, `send <xml>`, `abandon`, `destroy`, … */
  readonly done: readonly string[];
  readonly environment: FakeEnvironment;
  readonly visible: () => boolean;
  set(status: Status): void;
  /** The next answer to a request; if not given, an empty result. */
  answer: (iq: XmlElement) => Promise<XmlElement>;
}

export interface FakeTab {
  readonly session: SharedSession;
  readonly environment: FakeEnvironment;
  /** The sessions that this tab has made, the newest last. */
  readonly made: readonly PlayedSession[];
  readonly log: readonly LogEntry[];
  /** online and offline as this tab was told, in order. */
  readonly told: readonly string[];
  /** Stops hearing and answering, as a frozen page does, but keeps its lock. */
  freeze(): void;
  thaw(): void;
}

export interface Browser {
  tab(parts?: Partial<SharedParts>): FakeTab;
  /** How many sessions of all tabs are not over. */
  readonly live: number;
  end(): Promise<void>;
}

/** A channel that can be made deaf, as a frozen page is. */
const freezableChannel = (frozen: () => boolean, late: (() => void)[]): typeof BroadcastChannel =>
  class extends BroadcastChannel {
    override addEventListener(type: string, run: EventListenerOrEventListenerObject): void {
      super.addEventListener(type, event => {
        const deliver = (): void => (run as (event: Event) => void)(event);
        if (frozen()) late.push(deliver);
        else deliver();
      });
    }
  };

/** Locks that tell a frozen page nothing. */
const freezableLocks = (frozen: () => boolean, late: (() => void)[]): LockManager =>
  ({
    query: () => navigator.locks.query(),
    request: async (name: string, options: LockOptions, run: LockGrantedCallback<unknown>) => {
      try {
        return await navigator.locks.request(name, options, run);
      } catch (error) {
        if (frozen()) await new Promise<void>(resolve => late.push(resolve));
        throw error;
      }
    },
  }) as LockManager;

export const fakeBrowser = (): Browser => {
  const name = `test ${randomId()}`;
  const tabs: FakeTab[] = [];
  let epoch = 0;

  const play = (environment: FakeEnvironment, its: Environment): PlayedSession => {
    const events = new Emitter<SessionEvents>(error => {
      throw error;
    });
    const status = signal<Status>({ name: 'idle' });
    const online = signal(false);
    const done: string[] = [];
    let over = false;
    const end = (how: string) => (): void => {
      done.push(how);
      over = true;
    };
    const played: PlayedSession = {
      status, online, done, environment,
      visible: () => its.visible.peek(),
      domain: 'example.org',
      account: 'ana@example.org',
      get jid() {
        return online.peek() ? `ana@example.org/r${epoch}` : undefined;
      },
      carbons: true,
      lasting: true,
      router: { route: () => Promise.resolve() },
      on: (event, run) => events.on(event, run),
      onFate: () => () => undefined,
      expects: () => false,
      connect: () => {
        done.push('connect');
        played.set({ name: 'online' });
      },
      reconnectNow: () => void done.push('reconnectNow'),
      disconnect: () => Promise.resolve(void done.push('disconnect')),
      destroy: () => Promise.resolve(end('destroy')()),
      abandon: end('abandon'),
      send: stanza => (over ? Promise.reject(new ChatError('network', 'not-connected', 'later')) : Promise.resolve(void done.push(`send ${serialize(stanza)}`))),
      request: iq => {
        done.push(`request ${serialize(iq)}`);
        return played.answer(iq);
      },
      answer: () => Promise.resolve(xml('iq', { type: 'result' })),
      set: next => {
        const was = online.peek();
        status.value = next;
        online.value = next.name === 'online';
        if (online.peek() && !was) events.emit('online', { resumed: epoch > 1 });
        if (!online.peek() && was) events.emit('offline', {});
      },
    };
    its.onWake(() => void done.push('wake'));
    return played;
  };

  return {
    tab: (parts = {}) => {
      const environment = fakeEnvironment();
      const log: LogEntry[] = [];
      const made: PlayedSession[] = [];
      const told: string[] = [];
      const late: (() => void)[] = [];
      let frozen = false;
      const given: TabParts = { locks: freezableLocks(() => frozen, late), BroadcastChannel: freezableChannel(() => frozen, late) };
      const session = createSharedSession({
        name,
        tabs: given,
        domain: 'example.org',
        address: undefined,
        build: 1,
        plugins: signal(['one']),
        proven: true,
        environment,
        log: createLog('test', entry => void log.push(entry)),
        hold: () => Promise.resolve({ epoch: ++epoch, storage: forgetfulStorage() }),
        makeLocal: (_storage, its) => {
          const played = play(environment, its);
          made.push(played);
          return Promise.resolve({ session: played, memory: forgetfulLogins() });
        },
        ...parts,
      });
      session.on('online', ({ resumed }) => void told.push(resumed ? 'resumed' : 'online'));
      session.on('offline', () => void told.push('offline'));
      const tab: FakeTab = {
        session, environment, made, log, told,
        freeze: () => {
          frozen = true;
        },
        thaw: () => {
          frozen = false;
          for (const run of late.splice(0)) run();
        },
      };
      tabs.push(tab);
      return tab;
    },
    get live() {
      return tabs.flatMap(({ made }) => made).filter(({ done }) => !done.includes('abandon') && !done.includes('destroy')).length;
    },
    end: async () => {
      for (const tab of tabs) tab.thaw();
      await Promise.all(tabs.map(({ session }) => session.destroy()));
    },
  };
};

/** What it takes to be one of many tabs: loaded when another one is heard of. */
import { Disposer, type Disposable } from '../base/disposer.js';
import type { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import { randomId } from '../base/id.js';
import type { Log } from '../base/log.js';
import { effect, untracked, type ReadonlySignal } from '../base/signal.js';
import type { Session } from '../xmpp/session.js';
import { disconnected, notConnected, trouble } from '../xmpp/trouble.js';
import { isStanza, parseXml, serialize, type XmlElement } from '../xmpp/xml.js';
import type { Channel, Heard, HolderState, PlainError, Told } from './channel.js';
import type { LocalSession, Machine, SharedSession, TabEvents } from './contract.js';
import { driveTimers } from './driven.js';
import type { Lease } from './lease.js';
import type { LiveSet } from './live.js';
import { syncLive } from './live-sync.js';
import { fromPlain, isTold, toPlain } from './told.js';

export interface CompanyParts {
  readonly channel: Channel;
  readonly lease: Lease;
  readonly environment: Environment;
  readonly log: Log;
  readonly machine: Machine;
  readonly live: LiveSet;
  readonly build: number;
  readonly plugins: ReadonlySignal<readonly string[]>;
  /** The one of all tabs. */
  readonly session: SharedSession;
  readonly news: Emitter<TabEvents>;
  /** The session that this tab itself has, if it holds it. */
  local(): LocalSession | undefined;
  /** Of the newest holder that is known. */
  epoch(): number;
  /** Whether the page is put away. */
  away(): boolean;
  /** Whether this tab had its turn and could not hold the session. */
  unable(): boolean;
  /** Asks who holds the session. */
  hello(): void;
  /** The session is in another tab, which says how it is doing. */
  follow(state: HolderState): void;
  /** Another tab holds the session by now. */
  lost(): void;
}

/** The other tabs, and through them the session where it is in one of them. */
export interface Company extends Pick<Session, 'send' | 'request'> {
  hear(heard: Heard): void;
  /** Nobody else holds the session now: whoever waits for an answer gets none. */
  alone(): void;
  woke(): void;
  dispose(): void;
}

/** How often a tab that can be seen asks whether the holder is there, and how often in vain before it takes over: after ten seconds at least. */
const TICK_MS = 2_500;
const MISSES = 5;
/** The session itself gives up after 30 s. */
const PATIENCE_MS = 35_000;

/** Whether the holder gives way: to a newer build, or to one of the same that can do all that it can and more. */
const givesWay = (mine: { readonly build: number; readonly plugins: readonly string[] }, other: { readonly build: number; readonly plugins: readonly string[] }): boolean =>
  other.build > mine.build || (other.build === mine.build && other.plugins.length > mine.plugins.length && mine.plugins.every(id => other.plugins.includes(id)));

export const createCompany = ({ channel, lease, environment, log, machine, live, build, plugins, session, news, local, epoch, away, unable, hello, follow, lost }: CompanyParts): Company => {
  const disposer = new Disposer(error => log.report(error));
  const waiting = new Map<string, { resolve(answer: XmlElement | undefined): void; reject(error: ChatError): void }>();
  /** The tabs that can be seen, each with when it said so. */
  const visible = new Map<string, number>();
  const timers = driveTimers(environment);
  machine.timer = timers.timer;
  let forgetting: Disposable | undefined;
  let ticking: Disposable | undefined;
  let holder = '';
  let misses = 0;
  let missing = '';
  /** Whether all live values were told by the holder. */
  let complete = false;

  const post = (told: Told): void => {
    try {
      channel.post(told);
    } catch (error) {
      // What cannot be cloned.
      log.report(error);
    }
  };
  const values = syncLive(live, change => {
    if (local()) post({ type: 'live', change });
  });

  const state = (): HolderState => {
    const memory = local()?.memory;
    return {
      epoch: epoch(),
      status: session.status.peek(),
      online: session.online.peek(),
      proven: session.proven.peek(),
      carbons: session.carbons,
      build,
      plugins: plugins.peek(),
      ...(memory ? { login: { secret: memory.secret, pins: memory.pins, password: memory.password } } : {}),
      ...(session.account === undefined ? {} : { account: session.account }),
      ...(session.jid === undefined ? {} : { jid: session.jid }),
    };
  };
  const tell = (): void => {
    if (local()) post({ type: 'state', state: state() });
  };

  const alone = (): void => {
    misses = 0;
    for (const { reject } of [...waiting.values()]) reject(disconnected());
  };

  const ask = (type: 'send' | 'request', stanza: XmlElement): Promise<XmlElement | undefined> =>
    new Promise((resolve, reject) => {
      const id = randomId();
      const cancel = environment.timer(PATIENCE_MS, () => settle(() => reject(trouble('time-out'))));
      const settle = (how: () => void): void => {
        waiting.delete(id);
        void cancel();
        how();
      };
      waiting.set(id, { resolve: answer => settle(() => resolve(answer)), reject: error => settle(() => reject(error)) });
      post({ type, id, xml: serialize(stanza) });
    });

  /** Does for another tab what it asked for. */
  const serve = async (type: 'send' | 'request', text: string): Promise<string | undefined> => {
    const stanza = parseXml(text);
    if (!stanza || !isStanza(stanza)) throw new ChatError('internal', 'no-stanza', 'no');
    const its = local()?.session;
    if (!its) throw notConnected();
    if (type === 'request') return serialize(await its.request(stanza));
    await its.send(stanza);
    return undefined;
  };
  const answer = (to: string, id: string, told: { readonly xml?: string; readonly error?: PlainError }): void => post({ type: 'answer', to, id, ...told });

  const look = (): void => {
    const now = environment.ticks();
    for (const [id, at] of visible) if (now - at >= TICK_MS * MISSES) visible.delete(id);
    machine.seen.value = visible.size > 0;
    void forgetting?.();
    forgetting = visible.size > 0 ? environment.timer(TICK_MS * MISSES, look) : undefined;
  };

  const tick = (woke = false): void => {
    void ticking?.();
    ticking = undefined;
    if (disposer.disposed || away() || session.role.peek() === 'holder') return;
    const seen = environment.visible.peek();
    if (session.role.peek() === 'joining') hello();
    else post({ type: 'tick', visible: seen, woke });
    if (seen || session.role.peek() === 'joining') ticking = environment.timer(TICK_MS, again);
  };
  const again = (): void => {
    // One that could not have it waits for a tab that can, and may be slow.
    if (environment.visible.peek() && ++misses >= MISSES && !(unable() && session.role.peek() === 'joining')) {
      log.info('The tab that holds the session does not answer, so this one takes over.');
      misses = 0;
      lease.steal();
    } else tick();
  };

  const heedState = (from: string, its: HolderState): void => {
    if (local()) {
      // There is one lease: whoever is behind has lost it and does not know yet.
      if (its.epoch > state().epoch) lost();
      return;
    }
    if (from !== holder) alone();
    holder = from;
    misses = 0;
    follow(its);
    if (!complete && session.role.peek() === 'follower') hello();
    const lacks = plugins.peek().filter(id => !its.plugins.includes(id)).join(', ');
    if (lacks && lacks !== missing && !givesWay(its, { build, plugins: plugins.peek() })) log.warn(`The chat is open in another tab that has no ${lacks}: close that tab to use it here.`);
    missing = lacks;
  };

  const hear = (heard: Heard): void => {
    if (disposer.disposed || !isTold(heard)) return;
    const its = local()?.session;
    const { from } = heard;
    switch (heard.type) {
      case 'hello':
        if (!its) break;
        if (givesWay({ build, plugins: plugins.peek() }, heard)) post({ type: 'yours', to: from });
        else post({ type: 'state', to: from, state: state(), live: values.snapshot() });
        break;
      case 'state':
        if (!its && heard.live) {
          complete = true;
          for (const [name, value] of heard.live) values.take({ name, value });
        }
        heedState(from, heard.state);
        break;
      case 'yours':
        if (!its && !unable()) lease.steal();
        break;
      case 'tick':
        if (!its) break;
        post({ type: 'tock' });
        if (heard.visible) visible.set(from, environment.ticks());
        else visible.delete(from);
        look();
        timers.push();
        if (heard.woke) machine.wakes.emit('wake', undefined);
        break;
      case 'tock':
        if (from === holder) misses = 0;
        break;
      case 'send':
      case 'request':
        if (its) serve(heard.type, heard.xml).then(xml => answer(from, heard.id, xml === undefined ? {} : { xml }), (error: unknown) => answer(from, heard.id, { error: toPlain(error) }));
        break;
      case 'answer':
        if (heard.error) waiting.get(heard.id)?.reject(fromPlain(heard.error));
        else waiting.get(heard.id)?.resolve(heard.xml === undefined ? undefined : parseXml(heard.xml));
        break;
      case 'reconnect':
        its?.reconnectNow();
        break;
      case 'live':
        if (!its) values.take(heard.change);
        break;
      case 'touched':
        news.emit('touched', heard.touched);
        break;
      case 'logout':
        news.emit('logout', undefined);
        break;
    }
  };

  disposer.own(
    effect(() => {
      // A tab that comes to sight asks at once, one that goes out of sight says so, and one that has got a plugin more tells.
      void environment.visible.value;
      if (session.role.value === 'joining') complete = false;
      misses = 0;
      untracked(() => tick());
    }),
  );
  disposer.own(
    effect(() => {
      void session.status.value;
      void session.online.value;
      if (session.role.value === 'holder') untracked(tell);
    }),
  );
  disposer.own(news.on('missed', hello));
  // A login may have brought what the next one needs.
  disposer.own(session.on('online', tell));
  let told = plugins.peek();
  disposer.own(
    plugins.subscribe(now => {
      if (now === told) return;
      told = now;
      if (session.role.peek() === 'follower') hello();
    }),
  );
  disposer.own(() => void ticking?.());
  disposer.own(() => void forgetting?.());

  return {
    send: async stanza => void (await ask('send', stanza)),
    request: async iq => {
      const result = await ask('request', iq);
      if (!result) throw disconnected();
      return result;
    },
    hear,
    alone,
    woke: () => tick(true),
    dispose: () => {
      alone();
      values.dispose();
      machine.timer = environment.timer;
      machine.seen.value = false;
      void disposer.dispose();
    },
  };
};

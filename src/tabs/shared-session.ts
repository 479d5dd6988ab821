/** One session for all tabs of an account: the tab that holds the lease speaks to the server, the others speak through it. */
import { chunk } from '../base/chunk.js';
import { Disposer, type Disposable } from '../base/disposer.js';
import { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import { ChatError, toChatError, wordKeyOf } from '../base/errors.js';
import { batch, computed, effect, signal, untracked } from '../base/signal.js';
import type { Status } from '../entities/status.js';
import type { Router } from '../xmpp/router.js';
import type { Session, SessionEvents } from '../xmpp/session.js';
import { notConnected } from '../xmpp/trouble.js';
import { createChannel, type Channel, type Heard, type HolderState } from './channel.js';
import type { Company } from './company.js';
import type { LocalSession, Machine, Role, SharedParts, SharedSession, TabEvents } from './contract.js';
import { createLease, type Lease } from './lease.js';
import { createLiveValues } from './live.js';

/** How long the first answer may take before what it takes to be one of many is loaded. */
const ALONE_MS = 500;
const CONNECTING: Status = { name: 'connecting' };
const NOWHERE: Router = { route: () => Promise.resolve() };

/** A session that is not asked to connect yet. */
export const createSharedSession = (parts: SharedParts): SharedSession => {
  const { name, tabs, environment, log } = parts;
  const report = (error: unknown): void => log.report(error);
  const disposer = new Disposer(report);
  const events = new Emitter<SessionEvents>(report);
  const news = new Emitter<TabEvents>(report);
  const live = createLiveValues();
  const role = signal<Role>('joining');
  const status = signal<Status>({ name: 'idle' });
  const online = signal(false);
  const proven = signal(parts.proven);
  let listener: Parameters<Session['onFate']>[0] | undefined;
  let wanted = false;
  /** It was this tab's turn and it could not: until a person asks again it takes the session from nobody who can. */
  let unable = false;
  let away = false;
  let frozen = false;
  /** Of the newest holder that is known, this tab or another. */
  let epoch = 0;
  /** Goes up whenever what is under way here is out of date. */
  let turn = 0;
  let local: LocalSession | undefined;
  const offs: Disposable[] = [];
  const watching: Disposable[] = [];
  /** What other tabs change about the machine of a session that is theirs too. */
  const machine: Machine = { seen: signal(false), timer: environment.timer, wakes: new Emitter(report) };
  const shared: Environment = { ...environment, visible: computed(() => environment.visible.value || machine.seen.value), timer: (ms, run) => machine.timer(ms, run), onWake: run => machine.wakes.on('wake', run) };
  disposer.own(environment.onWake(() => machine.wakes.emit('wake', undefined)));
  /** What the last holder said. */
  let mirrored: HolderState | undefined;
  let loading: Promise<Company> | undefined;
  let company: Company | undefined;
  let lease: Lease | undefined;
  let channel: Channel | undefined;

  const show = (next: Status, up: boolean): void => {
    try {
      batch(() => {
        status.value = next;
        online.value = up;
      });
    } catch (error) {
      log.report(error);
    }
  };

  /** The session is not here any more; what is left of it is to be ended. */
  const letGo = (): Session | undefined => {
    turn++;
    const last = local?.session;
    const was = online.peek();
    local = undefined;
    for (const off of offs.splice(0)) void off();
    role.value = 'joining';
    if (last) show(wanted ? CONNECTING : { name: 'idle' }, false);
    if (was ? last : disposer.disposed) events.emit('offline', {});
    return last;
  };

  /** It does not go on in this page; other tabs may. */
  const stop = (code: string): Session | undefined => {
    wanted = false;
    const last = letGo();
    lease?.release();
    show({ name: 'failed', problem: { code, action: 'reload' } }, false);
    return last;
  };

  /** What is stored of one account must not be shown to another, nor what waits there be sent. */
  const other = (made: Session): void => {
    const error = new ChatError('auth', 'other-account', 'no', made.account);
    // Whoever waits for the login takes the first that is said for the reason.
    events.emit('offline', { error });
    stop(error.code)?.destroy().catch(report);
  };

  const fail = (thrown: unknown): void => {
    const error = toChatError(thrown);
    log.report(error);
    show({ name: 'failed', problem: { code: wordKeyOf(error), action: error.domain === 'chunk' ? 'reload' : 'retry' } }, false);
    events.emit('offline', { error });
  };

  const take = async (): Promise<void> => {
    const mine = ++turn;
    company?.alone();
    try {
      const held = await parts.hold();
      if (mine !== turn) return;
      const next = await parts.makeLocal(held.storage, shared, mirrored?.login, proven.peek());
      const made = next.session;
      if (mine !== turn) return made.abandon();
      epoch = held.epoch;
      local = next;
      unable = false;
      watch();
      if (listener) offs.push(made.onFate(listener));
      offs.push(
        made.on('online', detail => {
          if (parts.address !== undefined && made.account !== parts.address) return other(made);
          proven.value = true;
          events.emit('online', detail);
          return undefined;
        }),
        made.on('offline', detail => {
          if (detail.error?.code !== 'fenced') return events.emit('offline', detail);
          // Another tab has it, though this one has not heard of it.
          return lost();
        }),
        effect(() => {
          const now = made.status.value;
          const up = made.online.value;
          // What is shown until it connects is what the last holder said.
          if (now.name !== 'idle' || !wanted) untracked(() => show(now, up));
        }),
      );
      role.value = 'holder';
      if (wanted) made.connect();
    } catch (thrown) {
      if (mine !== turn) return report(thrown);
      // Another tab may be able to.
      unable = true;
      role.value = 'joining';
      lease?.release();
      fail(thrown);
    }
  };

  /** Nobody gives way to one that says it can do nothing. */
  const hello = (): void => channel?.post({ type: 'hello', ...(unable ? { build: 0, plugins: [] } : { build: parts.build, plugins: parts.plugins.peek() }) });

  /** Waits for its turn, and asks who has it now. */
  const join = (): void => {
    if (!lease) return void take();
    show(CONNECTING, false);
    lease.request();
    hello();
    offs.push(environment.timer(ALONE_MS, () => {
      if (role.peek() === 'joining') among().catch((error: unknown) => (role.peek() === 'joining' ? fail : report)(error));
    }));
    return undefined;
  };

  /** Whoever has lost it did not run for a while, and may not have heard what was told meanwhile. */
  const lost = (): void => {
    letGo()?.abandon();
    // Be it stolen or only said to be: this tab waits for its turn again.
    lease?.release();
    if (wanted && !away) join();
    news.emit('missed', undefined);
  };

  const isolate = (): void => {
    if (!lease) return;
    const last = lease;
    company?.dispose();
    channel?.close();
    lease = channel = company = undefined;
    if (!local) letGo();
    last.release();
    if (!local && wanted) join();
  };

  /** A page that is put away keeps nothing from the others. */
  const retire = (): void => {
    if (away || !lease) return;
    away = true;
    letGo()?.abandon();
    lease.release();
    channel?.close();
  };
  /** After what the session here does when the page goes: it closes politely what cannot go on. */
  const watch = (): void => {
    for (const off of watching.splice(0)) void off();
    watching.push(
      environment.onHide(retire),
      environment.onFreeze(() => {
        frozen = true;
        if (company && local) retire();
      }),
    );
  };
  const back = (): void => {
    if (away) {
      away = false;
      channel?.open();
      if (wanted) join();
    } else {
      company?.woke();
      if (!frozen) return;
    }
    frozen = false;
    news.emit('missed', undefined);
  };

  /** Of two that cannot understand each other the newer goes on. */
  const outdated = (): void => {
    if (disposer.disposed || !channel) return;
    log.warn('Another tab has a newer version of the chat, so this one stops: reload the page.');
    channel.close();
    stop('newer-tab')?.abandon();
  };

  /** What it takes to be one of many. */
  const among = (): Promise<Company> => {
    loading ??= chunk((parts.company ?? (() => import('./company.js')))()).then(({ createCompany }) => {
      if (!channel || !lease) throw notConnected();
      company = createCompany({ channel, lease, environment, log, machine, live, build: parts.build, plugins: parts.plugins, session, news, local: () => local, epoch: () => epoch, away: () => away, unable: () => unable, hello, follow, lost });
      if (disposer.disposed) company.dispose();
      return company;
    }, (error: unknown) => {
      // It may be there for the next try.
      loading = undefined;
      throw error;
    });
    return loading;
  };

  const follow = (next: HolderState): void => {
    if (next.epoch < epoch) return;
    epoch = next.epoch;
    mirrored = next;
    batch(() => {
      if (next.proven) proven.value = true;
      role.value = 'follower';
      show(next.status, next.online);
    });
  };

  if (name !== undefined && tabs.locks && tabs.BroadcastChannel) {
    channel = createChannel({
      name,
      BroadcastChannel: tabs.BroadcastChannel,
      outdated,
      // Where that cannot be had, a tab that joins says so itself, and one that holds the session loses it to who asks in vain.
      hear: (heard: Heard) => void among().then(its => its.hear(heard), () => undefined),
    });
    lease = createLease({
      name,
      locks: tabs.locks,
      onHeld: () => void take(),
      onLost: lost,
      onRefused: error => {
        log.warn(`This page may not lock anything, so each tab has a session of its own: ${String(error)}`);
        isolate();
      },
    });
  }
  watch();
  disposer.own(() => {
    for (const off of watching) void off();
  });
  disposer.own(environment.onWake(back));

  const need = (): Session | Company => {
    const its = local?.session ?? (role.peek() === 'follower' ? company : undefined);
    if (!its) throw notConnected();
    return its;
  };

  const session: SharedSession = {
    role,
    status,
    online,
    proven,
    live,
    domain: parts.domain,
    get account() {
      return local?.session.account ?? mirrored?.account;
    },
    get jid() {
      return local ? local.session.jid : mirrored?.jid;
    },
    get carbons() {
      return (local?.session ?? mirrored)?.carbons ?? false;
    },
    get lasting() {
      return local?.session.lasting ?? false;
    },
    get router() {
      return local?.session.router ?? NOWHERE;
    },
    on: (event, run) => events.on(event, run),
    onFate: run => {
      listener = run;
      let off = local?.session.onFate(run);
      return () => {
        if (listener === run) listener = undefined;
        void off?.();
        off = undefined;
      };
    },
    hear: (event, run) => news.on(event, run),
    isolate,
    tell: touched => channel?.post({ type: 'touched', touched }),
    connect: () => {
      if (wanted || disposer.disposed) return;
      wanted = true;
      if (local) local.session.connect();
      else join();
    },
    reconnectNow: () => {
      if (local) local.session.reconnectNow();
      else if (role.peek() === 'follower') channel?.post({ type: 'reconnect' });
      else if (status.peek().name === 'failed' && wanted) {
        unable = false;
        join();
      }
    },
    disconnect: async () => {
      wanted = false;
      await local?.session.disconnect();
    },
    logOut: () => {
      channel?.post({ type: 'logout' });
      return session.close();
    },
    close: async () => {
      wanted = false;
      await letGo()?.destroy();
    },
    destroy: async () => {
      wanted = false;
      const others = local && lease ? await lease.wanted().catch(() => false) : false;
      void disposer.dispose();
      const last = letGo();
      company?.dispose();
      if (others) last?.abandon();
      try {
        if (!others) await last?.destroy();
      } finally {
        lease?.release();
        channel?.close();
        show({ name: 'idle' }, false);
      }
    },
    abandon: () => {
      wanted = false;
      letGo()?.abandon();
    },
    expects: claim => local?.session.expects(claim) ?? false,
    send: async (stanza, claim) => need().send(stanza, claim),
    request: async iq => need().request(iq),
  };
  return session;
};

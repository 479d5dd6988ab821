/** One sign-in: a session, its people and the model of its account, put together and taken apart. */
import { Disposer } from '../base/disposer.js';
import type { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import { toChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { signal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Message } from '../entities/message.js';
import type { Contact } from '../entities/presence.js';
import { createModel, type LiveModel } from '../model/model.js';
import type { Store } from '../store/store.js';
import type { Touched } from '../tabs/channel.js';
import type { SharedSession } from '../tabs/contract.js';
import { shareStore } from '../tabs/shared-store.js';
import { whileOnline, type Online } from '../tabs/while-online.js';
import { createDisco } from '../xmpp/disco.js';
import { createPing } from '../xmpp/ping.js';
import { createPresence, type Devices } from '../xmpp/presence.js';
import { SID_NS } from '../xmpp/xep/0359-stanza-ids.js';
import type { People } from './account.js';
import type { ChatEvents } from './events.js';
import type { PluginHost } from './plugin-host.js';

export interface SignInOptions {
  readonly account: string;
  readonly session: SharedSession;
  readonly store: Store;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly events: Emitter<ChatEvents>;
  readonly host: PluginHost;
  readonly log: Log;
  /** undefined: a visitor, who has no roster. */
  readonly people: People | undefined;
  /** As for the model. */
  readonly only: string | undefined;
}

/** The archive whose ids are believed is known from the last connection until the next one that does not go on with its stream. */
const ARCHIVE = 'archive';

/** Builds the model over the store, then starts every plugin. What is stored can be seen before the session is online. */
export const createSignIn = async (options: SignInOptions): Promise<{ readonly model: LiveModel; dispose(): Promise<void> }> => {
  const { account, session, registry, environment, events, host, log, only, people } = options;
  const store = shareStore(options.store, touched => session.tell(touched));
  const { live } = session;
  const disposer = new Disposer(error => log.report(error));
  const report = (error: unknown): void => log.report(error);
  /** A connection that broke meanwhile is no news: the next one begins anew. */
  const failed = (error: unknown): void => (toChatError(error).domain === 'network' ? log.debug(`What belongs to a new connection was not done: ${String(error)}`) : report(error));
  const heard = ({ conversation, id, sender, body, mine }: Message): void =>
    events.emit(mine ? 'message:sent' : 'message:received', { conversation, id, sender, body });

  /** What other tabs wrote while the model was read. */
  const early: Touched[] = [];
  let touched = (what: Touched): unknown => early.push(what);
  disposer.own(session.hear('touched', what => void touched(what)));
  const trusted = live.live<string | undefined>('archive', await store.keyvalue.get<string>(account, ARCHIVE));
  const model = await createModel({ account, store, registry, environment, log, only, self: () => session.account, trustsArchive: archive => archive === trusted.peek(), heard });
  disposer.own(() => model.dispose());
  touched = what => model.touched(what);
  early.forEach(touched);
  disposer.own(session.hear('missed', () => void model.refresh().catch(report)));

  const disco = createDisco(session, registry);
  disposer.own(() => disco.dispose());
  disposer.own(createPing(registry).dispose);
  const roster = people?.createRoster({ session, registry, contacts: live.live<readonly Contact[] | undefined>('contacts', undefined) });
  if (roster) disposer.own(roster.dispose);
  const presences = people?.storePresence(store, account, environment);
  if (presences) disposer.own(presences.dispose);
  const presence = createPresence({ session, registry, log, environment, devices: live.live<Devices>('devices', new Map()), ...(presences ? { stored: presences.stored, caps: disco.caps } : {}) });
  disposer.own(presence.dispose);

  /** Ids of an archive are believed only if it says that it gives them (XEP-0359 §6); asked before any message can come. */
  const askArchive = async (): Promise<void> => {
    trusted.value = undefined;
    const own = session.account;
    if (own === undefined) return;
    const { features } = await disco.info(own);
    trusted.value = features.includes(SID_NS) ? own : undefined;
    await store.keyvalue.set(account, ARCHIVE, trusted.peek());
  };
  const settleIn = async ({ resumed }: Online): Promise<void> => {
    await Promise.all([
      resumed ? undefined : askArchive().catch((error: unknown) => log.debug(`The account's features are not known: ${String(error)}`)),
      resumed && roster?.contacts.peek() ? undefined : roster?.load().catch(failed),
    ]);
    await presence.announce();
  };

  await host.start({ account, session, model, disco, store, registry, live, environment, events, log }, id => (session.role.peek() === 'holder' && session.online.peek() ? model.release(id) : undefined));
  disposer.own(() => host.stop());
  // Only now: what is sent may need a plugin's seal, and messages come as soon as we say that we are here.
  disposer.own(model.attach(session, { contacts: roster?.contacts ?? signal(undefined), presence: presence.presence }));
  disposer.own(
    whileOnline(
      session,
      (_session, online) => {
        settleIn(online).catch(failed);
        // What waits for plugins is for the tab that holds the session to open.
        for (const [id, { name }] of host.states.peek()) if (name === 'active') model.release(id).catch(report);
      },
      report,
    ),
  );
  return { model, dispose: () => disposer.dispose() };
};

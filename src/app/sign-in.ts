/** One sign-in: a session, its people and the model of its account, put together and taken apart. */
import { Disposer } from '../base/disposer.js';
import type { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import type { Log } from '../base/log.js';
import { signal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Message } from '../entities/message.js';
import { createModel, type LiveModel } from '../model/model.js';
import type { Store } from '../store/store.js';
import { createLiveValues } from '../tabs/live.js';
import { whileOnline } from '../tabs/while-online.js';
import { createDisco } from '../xmpp/disco.js';
import { createPing } from '../xmpp/ping.js';
import { createPresence } from '../xmpp/presence.js';
import type { createRoster } from '../xmpp/roster.js';
import type { Session } from '../xmpp/session.js';
import { SID_NS } from '../xmpp/xep/0359-stanza-ids.js';
import type { ChatEvents } from './events.js';
import type { PluginHost } from './plugin-host.js';

export interface SignInOptions {
  readonly account: string;
  readonly session: Session;
  readonly store: Store;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly events: Emitter<ChatEvents>;
  readonly host: PluginHost;
  readonly log: Log;
  /** undefined: a visitor, who has no roster. */
  readonly createRoster: typeof createRoster | undefined;
  /** As for the model. */
  readonly only: string | undefined;
}

/** Builds the model over the store, then starts every plugin. What is stored can be seen before the session is online. */
export const createSignIn = async (options: SignInOptions): Promise<{ readonly model: LiveModel; dispose(): Promise<void> }> => {
  const { account, session, store, registry, environment, events, host, log, only } = options;
  const disposer = new Disposer(error => log.report(error));
  /** The archive whose ids are believed. */
  let trusted: string | undefined;
  const heard = ({ conversation, id, sender, body, mine }: Message): void =>
    events.emit(mine ? 'message:sent' : 'message:received', { conversation, id, sender, body });
  const model = await createModel({ account, store, registry, environment, log, only, self: () => session.account, trustsArchive: archive => archive === trusted, heard });
  disposer.own(() => model.dispose());
  const disco = createDisco(session, registry);
  disposer.own(() => disco.dispose());
  disposer.own(createPing(registry).dispose);
  const roster = options.createRoster?.({ session, registry });
  if (roster) disposer.own(roster.dispose);
  const presence = createPresence({ session, registry, log, disco, environment });
  disposer.own(presence.dispose);

  /** Ids of an archive are believed only if it says that it gives them (XEP-0359 §6); asked before any message can come. */
  const askArchive = async (): Promise<void> => {
    trusted = undefined;
    const own = session.account;
    if (own === undefined) return;
    const { features } = await disco.info(own);
    if (features.includes(SID_NS)) trusted = own;
  };
  const settleIn = async (): Promise<void> => {
    await Promise.all([
      askArchive().catch((error: unknown) => log.debug(`The account's features are not known: ${String(error)}`)),
      roster?.load().catch((error: unknown) => log.report(error)),
    ]);
    await presence.announce();
  };

  await host.start({ account, session, model, disco, store, registry, live: createLiveValues(), environment, events, log }, id => model.release(id));
  disposer.own(() => host.stop());
  // Only now: what is sent may need a plugin's seal, and messages come as soon as we say that we are here.
  disposer.own(model.attach(session, { contacts: roster?.contacts ?? signal(undefined), presence: presence.presence }));
  disposer.own(
    whileOnline(
      session,
      () => {
        settleIn().catch((error: unknown) => log.report(error));
      },
      error => log.report(error),
    ),
  );
  return { model, dispose: () => disposer.dispose() };
};

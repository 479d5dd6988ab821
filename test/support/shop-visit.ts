/** A visitor in a shop's page, and a judge who reads the server's archive: what tests of wires, networks and disks that fail have in common. */
import { after, afterEach, before, beforeEach } from 'node:test';
import { chatIn, type ChatPage } from './chat.js';
import type { Tab } from './tab.js';
import { page, startWorld, type Peer, type World } from './world.js';

export interface ShopVisit {
  readonly world: World;
  readonly tab: Tab;
  readonly chat: ChatPage;
  judge: Peer;
  /** Opens the shop and in it the chat. */
  open(): Promise<void>;
  /** One more tab of the same browser. */
  another(): Promise<Tab>;
  /** How often the archive has a text. */
  counted(text: string): Promise<number>;
}

/** One world for the tests around the call, and in it a new visit for each, on a wire that is whole. */
export const shopVisits = (): ShopVisit => {
  let close: () => Promise<void>;
  const begun = {} as { -readonly [K in keyof ShopVisit]: ShopVisit[K] };
  before(async () => void (begun.world = await startWorld()));
  after(() => begun.world.stop());
  beforeEach(async () => {
    const profile = await begun.world.newProfile();
    ({ close } = profile);
    begun.another = () => profile.newTab();
    begun.tab = await profile.newTab();
    begun.chat = chatIn(begun.tab);
    begun.judge = await begun.world.peer('support', { available: false });
  });
  afterEach(async () => {
    begun.world.wire.refuse(false);
    begun.world.wire.letGo();
    await close();
    await begun.judge.stop();
  });
  return Object.assign(begun, {
    open: async () => {
      await begun.tab.open(begun.world.serve('/shop', page(begun.world.tag())));
      await begun.chat.open();
    },
    counted: async (text: string) => (await begun.world.archived(begun.judge)).filter(other => other === text).length,
  });
};

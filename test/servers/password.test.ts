/** Passwords on real servers: one that is stored such that no keys serve twice, and one that is changed under an open page. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chatIn } from '../support/chat.js';
import { probeIn, probeScript, type Probe } from '../support/probe.js';
import type { Tab } from '../support/tab.js';
import { page, people, startWorld, type Peer, type ServerName, type World } from '../support/world.js';

interface Visit {
  readonly tab: Tab;
  readonly probe: Probe;
}

/** A browser whose tabs all open the client of one domain. */
const visitsTo = async (world: World, domain: string): Promise<() => Promise<Visit>> => {
  const profile = await world.newProfile();
  const url = world.serve(`/${domain}`, page(world.element({ mode: 'page', domain, to: '' }) + probeScript));
  return async () => {
    const tab = await profile.newTab();
    await tab.open(url);
    return { tab, probe: probeIn(tab) };
  };
};
/** Waits until the login asks again, and gives what it says, the name in it and whether it is to be written. */
const asks = async ({ tab }: Visit): Promise<{ readonly problem: string; readonly name: string }> => {
  await tab.sees('stoa-chat >>> form.login');
  const { problem } = await chatIn(tab).until('the login to say why', seen => seen.problem !== '');
  // What its plugins had of the session goes a moment later.
  await tab.until('the session to be gone', () => window.probe === undefined);
  return { problem, name: await tab.run(() => document.querySelector('stoa-chat')?.shadowRoot?.querySelector<HTMLInputElement>('#login-address')?.value ?? '') };
};

describe('ejabberd with passwords as they are, its default, which makes other keys for each login', () => {
  const DOMAIN = 'fresh.localhost';
  let world: World;
  let peer: Peer;
  let first: Visit;
  let second: Visit;

  before(async () => {
    world = await startWorld({ server: 'ejabberd' });
    await world.server.adduser('ana', people.ana.replace(' ☺', ''), DOMAIN);
    peer = await world.peer('support');
    const visit = await visitsTo(world, DOMAIN);
    first = await visit();
    await first.probe.signIn('ana', people.ana.replace(' ☺', ''));
    await first.probe.untilOnline();
    second = await visit();
    await second.probe.untilOnline();
  });
  after(() => world.stop());

  it('a tab goes on with what was typed in one that is closed, and after its connection and stream are lost', async () => {
    await first.tab.close();
    await second.probe.send(peer.bare, 'from the second tab');
    await peer.message(stanza => stanza.getChildText('body') === 'from the second tab');
    await peer.stop();
    await world.server.quit();
    await world.server.start();
    peer = await world.peer('support');
    await second.probe.send(peer.bare, 'after the restart');
    await peer.message(stanza => stanza.getChildText('body') === 'after the restart');
  });

  it('the next page says that it needs the password again, and has the name', async () => {
    await second.tab.reload();
    const { problem, name } = await asks(second);
    assert.match(problem, /^You are signed out on this device/u);
    assert.equal(name, 'ana');
    await second.probe.signIn('ana', people.ana.replace(' ☺', ''));
    await second.probe.untilOnline();
    assert.deepEqual((await second.probe.history(peer.bare)).map(({ text }) => text), ['from the second tab', 'after the restart']);
  });
});

for (const server of ['prosody', 'ejabberd'] satisfies readonly ServerName[]) {
  for (const transport of ['websocket', 'bosh'] as const) {
    describe(`a password that is changed under an open page, on ${server} over ${transport}`, () => {
      let world: World;

      before(async () => {
        world = await startWorld({ server, transport });
      });
      after(() => world.stop());

      it('is asked for anew, where it was typed and where it was kept', async () => {
        const visit = await visitsTo(world, world.server.domain);
        const its = await visit();
        let now: string = people.ana;
        for (const how of ['typed', 'kept'] as const) {
          await its.probe.signIn('ana', now);
          await its.probe.untilOnline();
          if (how === 'kept') {
            await its.tab.reload();
            await its.probe.untilOnline();
          }
          now = `the next after ${how}`;
          // A session over BOSH goes on without a login for as long as there is one.
          if (transport === 'bosh') {
            await world.server.quit();
            await world.server.start();
          }
          await world.server.adduser('ana', now, world.server.domain);
          world.wire.cut();
          const { problem, name } = await asks(its);
          assert.match(problem, /^You are signed out on this device/u);
          assert.equal(name, 'ana');
        }
        await its.probe.signIn('ana', now);
        await its.probe.untilOnline();
      });
    });
  }
}

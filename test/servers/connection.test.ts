/** The connection, on each server and over each transport: the same facts, one after the other, in a real browser with what is shipped. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { probeIn, probeScript, type Probe } from '../support/probe.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { page, people, startWorld, type Peer, type ServerName, type Transport, type World } from '../support/world.js';

declare global {
  interface Window {
    /** What the page wrote to the server. */
    written: string[];
  }
}

/** Notes what a page writes to its server, by either transport; must run first. */
const noteScript = `<script>
window.written = [];
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (data) { written.push(String(data)); return send.call(this, data); };
const { fetch } = window;
window.fetch = (where, how) => { if (how?.body) written.push(String(how.body)); return fetch(where, how); };
</script>`;

const servers: readonly ServerName[] = ['prosody', 'ejabberd'];
const transports: readonly Transport[] = ['websocket', 'bosh'];

for (const server of servers) {
  for (const transport of transports) {
    describe(`${server} over ${transport}`, () => {
      let world: World;
      let peer: Peer;
      let tab: Tab;
      let probe: Probe;

      const pathOf = (options: Readonly<Record<string, string>>): string => `/${Object.values(options).join('-').replace(/\W+/gu, '-')}`;
      /** A page of its own in a browser of its own. */
      const open = async (options: Readonly<Record<string, string>>): Promise<{ readonly tab: Tab; readonly probe: Probe }> => {
        const its = await (await world.newProfile()).newTab();
        await its.open(world.serve(pathOf(options), page(world.element(options) + probeScript, noteScript)));
        return { tab: its, probe: probeIn(its) };
      };
      const account = (domain: string): Readonly<Record<string, string>> => ({ mode: 'page', domain, to: '' });
      const visitor = (): Readonly<Record<string, string>> => ({ mode: 'inline' });
      /** How the page logged in last, as it told the server: the element and the mechanism. */
      const login = async (its: Tab): Promise<string | undefined> => {
        const [, element = '', mechanism = ''] = /<(auth|authenticate) [^>]*mechanism=["']([^"']+)/u.exec((await its.run(() => window.written.filter(text => /<auth/u.test(text)))).at(-1) ?? '') ?? [];
        return `${element} ${mechanism}`;
      };
      const told = (stanzas: readonly { getChildText(name: string): string | null }[], text: string): number => stanzas.filter(stanza => stanza.getChildText('body') === text).length;
      const shows = async (address: string, ...texts: readonly string[]): Promise<void> => {
        let last: readonly string[] = [];
        await until(`a conversation of ${texts.join(' | ')}`, async () => (last = (await probe.history(address)).map(({ text }) => text)).join('\n') === texts.join('\n'), () => `It is: ${last.join(' | ')}`);
      };
      const sent = async (address: string, text: string): Promise<void> => {
        await until(`“${text}” to be sent`, async () => (await probe.history(address)).some(held => held.text === text && ['sent', 'delivered'].includes(held.state)));
      };

      before(async () => {
        world = await startWorld({ server, transport });
        const { domainOf } = world.server;
        for (const domain of Object.values(domainOf)) if (![world.server.domain, world.server.guestDomain].includes(domain)) await world.server.adduser('ana', people.ana, domain);
        peer = await world.peer('support');
      });
      after(() => world.stop());

      it('a password logs in by the strongest mechanism that is offered, whichever that is', async () => {
        for (const [name, domain] of Object.entries(world.server.domainOf)) {
          if (name === 'ANONYMOUS') continue;
          const its = await open(account(domain));
          await its.probe.signIn('ana', people.ana);
          await its.probe.untilOnline();
          assert.equal(await login(its.tab), `auth ${name}`);
          await its.tab.close();
        }
      });

      it('a visitor logs in without an account, and talks with somebody who has one', async () => {
        const its = await open(visitor());
        await its.probe.untilOnline();
        assert.equal(await login(its.tab), 'auth ANONYMOUS');
        await its.probe.send(peer.bare, 'from a visitor');
        const { attrs } = await peer.message(stanza => stanza.getChildText('body') === 'from a visitor');
        await peer.say(attrs['from'] ?? '', 'to a visitor');
        await until('the answer', async () => (await its.probe.history(peer.bare)).some(({ text }) => text === 'to a visitor'));
        await its.tab.close();
      });

      // Of the servers that can be had here only one has it.
      if (server === 'prosody') {
        it('where SASL2 is offered a password logs in by it, and the next page by a token, though the server was restarted', async () => {
          const domain = world.server.sasl2Domain ?? '';
          await world.server.adduser('ana', people.ana, domain);
          const its = await open(account(domain));
          await its.probe.signIn('ana', people.ana);
          await its.probe.untilOnline();
          assert.match((await login(its.tab)) ?? '', /^authenticate SCRAM-SHA-/u);
          await peer.stop();
          await world.server.quit();
          await its.tab.open(world.serve('/elsewhere', page('Elsewhere')));
          await world.server.start();
          peer = await world.peer('support');
          await its.tab.open(`${world.site.url}${pathOf(account(domain))}`);
          await its.probe.untilOnline();
          assert.match((await login(its.tab)) ?? '', /^authenticate HT-SHA-/u);
          await its.tab.close();
        });
      }

      it('the roster is the server’s', async () => {
        ({ tab, probe } = await open(account(world.server.domain)));
        await probe.signIn('ana', people.ana);
        await probe.untilOnline();
        const ana = await world.peer('ana');
        await ana.know('support@localhost', 'Support');
        await until('the roster', async () => (await probe.roster())?.join() === 'support@localhost');
        await ana.stop();
      });

      it('messages go both ways', async () => {
        await probe.send(peer.bare, 'one');
        await peer.message(stanza => stanza.getChildText('body') === 'one');
        await peer.say('ana@localhost', 'two');
        await shows(peer.bare, 'one', 'two');
        await sent(peer.bare, 'one');
      });

      it('what another device of the account sends and receives comes as a carbon', async () => {
        const phone = await world.peer('ana');
        await phone.say(peer.bare, 'from the phone');
        await peer.message(stanza => stanza.getChildText('body') === 'from the phone');
        await peer.say(phone.jid, 'to the phone');
        await shows(peer.bare, 'one', 'two', 'from the phone', 'to the phone');
        assert.deepEqual((await probe.history(peer.bare)).map(({ mine }) => mine), [true, false, true, false]);
        await phone.stop();
      });

      it('a reload goes on with the same session, and what came meanwhile is there', async () => {
        const address = await probe.address();
        await tab.open(world.serve('/elsewhere', page('Elsewhere')));
        await peer.say('ana@localhost', 'while away');
        await peer.settle();
        await tab.open(`${world.site.url}${pathOf(account(world.server.domain))}`);
        await probe.untilOnline();
        assert.equal(await probe.address(), address);
        await shows(peer.bare, 'one', 'two', 'from the phone', 'to the phone', 'while away');
      });

      it('after a cut the same session goes on, and what was under way arrives once', async () => {
        const address = await probe.address();
        const cuts = world.wire.asked;
        world.wire.hold('up');
        world.wire.hold('down');
        await probe.send(peer.bare, 'into the cut');
        await peer.say('ana@localhost', 'out of the cut');
        await peer.settle();
        world.wire.cut();
        world.wire.letGo();
        await until('a new connection', () => world.wire.asked > cuts);
        await peer.message(stanza => stanza.getChildText('body') === 'into the cut');
        await until('the other one', async () => (await probe.history(peer.bare)).some(({ text }) => text === 'out of the cut'));
        assert.equal(await probe.address(), address);
        await sent(peer.bare, 'into the cut');
        assert.equal(told(peer.messages, 'into the cut'), 1);
        assert.equal((await probe.history(peer.bare)).filter(({ text }) => text === 'out of the cut').length, 1);
      });

      it('when the server was restarted it comes back by itself', async () => {
        await peer.stop();
        await world.server.quit();
        await world.server.start();
        await probe.untilOnline();
        peer = await world.peer('support');
        await probe.send(peer.bare, 'after the restart');
        await peer.message(stanza => stanza.getChildText('body') === 'after the restart');
        await peer.say('ana@localhost', 'to you as well');
        await until('the answer', async () => (await probe.history(peer.bare)).some(({ text }) => text === 'to you as well'));
      });

      it('nobody complained', () => {
        assert.deepEqual(tab.complaints.filter(text => !/WebSocket connection|ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource/iu.test(text)), []);
      });
    });
  }
}

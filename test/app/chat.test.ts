import { expect } from '@open-wc/testing';
import { definePlugin } from '../../src/app/plugin.js';
import { attr, child, NS, type XmlElement } from '../../src/xmpp/xml.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { accountChat, BO, endChats, idleChat, SUPPORT, visitorChat, written } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const ACCOUNT = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };
const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  let code = 'none';
  await promise.catch((error: { readonly domain: string; readonly code: string }) => (code = `${error.domain}/${error.code}`));
  return code;
};

describe('a visitor', () => {
  afterEach(endChats);

  it('sees the conversation of an earlier page before the connection is up', async () => {
    const first = await visitorChat();
    await first.conversation(SUPPORT).send('Do you remember me?');
    await first.state(SUPPORT, 'Do you remember me?', 'sent');
    first.server.reachability = 'refused';
    const second = await first.reloaded();
    expect(second.chat.signIn.value).to.equal('in');
    await second.arrival(SUPPORT, 'Do you remember me?');
    expect(second.chat.status.value.name).to.equal('waiting');
  });

  it('is another one for each pair of domain and addressee', async () => {
    const first = await visitorChat();
    await first.conversation(SUPPORT).send('For support');
    const second = await first.reloaded({ options: { to: 'sales@example.org', service: 'ws://localhost:5280/xmpp' }, script: { mechanisms: ['ANONYMOUS'] } });
    expect(second.model.conversations.value).to.deep.equal([]);
  });

  it('is remembered by the tab alone when storage is “session”', async () => {
    const options = { to: SUPPORT, service: 'ws://localhost:5280/xmpp', storage: 'session' };
    const script = { mechanisms: ['ANONYMOUS'] };
    const first = await visitorChat({ options, script, reachable: false });
    await first.conversation(SUPPORT).send('Until this tab closes');
    await first.state(SUPPORT, 'Until this tab closes', 'queued');
    const sameTab = await first.reloaded();
    await sameTab.arrival(SUPPORT, 'Until this tab closes');
    const otherTab = await visitorChat({ options, script, reachable: false, database: first.database });
    expect(otherTab.model.conversations.value).to.deep.equal([]);
  });

  it('leaves nothing on the device when storage is “none”', async () => {
    const it = await visitorChat({ options: { to: SUPPORT, service: 'ws://localhost:5280/xmpp', storage: 'none' }, script: { mechanisms: ['ANONYMOUS'] } });
    await it.conversation(SUPPORT).send('Nothing of this stays');
    await it.state(SUPPORT, 'Nothing of this stays', 'sent');
    expect((await indexedDB.databases()).map(({ name }) => name)).not.to.contain(it.database);
  });

  it('waits for a server that is away, and is there when it is back', async () => {
    const it = await visitorChat({ reachable: false });
    await until('waiting', () => it.chat.status.value.name === 'waiting');
    it.server.reachability = 'open';
    it.chat.reconnect();
    await it.online();
  });
});

describe('an account', () => {
  afterEach(endChats);

  it('comes in where the browser forbids storage, and with it all by which tabs could hear of each other', async () => {
    const { BroadcastChannel: real } = globalThis;
    const forbidden = new DOMException('The operation is insecure.', 'SecurityError');
    globalThis.BroadcastChannel = function () {
      throw forbidden;
    } as unknown as typeof BroadcastChannel;
    navigator.locks.query = () => Promise.reject(forbidden);
    try {
      const it = await accountChat({ options: { ...ACCOUNT, storage: 'none' } });
      expect(it.chat.address.peek()).to.equal('ana@example.org');
      expect(it.errors()).to.deep.equal([]);
    } finally {
      globalThis.BroadcastChannel = real;
      Reflect.deleteProperty(navigator.locks, 'query');
    }
  });

  it('shows nothing stored before the login, and all of it after', async () => {
    const first = await accountChat();
    first.receive(BO, 'Private');
    await first.arrival(BO, 'Private');
    const second = await first.reloaded();
    expect(second.chat.signIn.value).to.equal('out');
    expect(second.chat.model.value).to.equal(undefined);
    await second.chat.logIn('ana@example.org', 'secret');
    expect(second.chat.address.value).to.equal('ana@example.org');
    await second.arrival(BO, 'Private');
  });

  it('is refused with a wrong password after one attempt, and may try again at once', async () => {
    const it = idleChat({ options: ACCOUNT });
    await it.chat.start();
    expect(await codeOf(it.chat.logIn('ana@example.org', 'guess'))).to.equal('auth/wrong-password');
    await it.environment.advance(600_000);
    expect(it.server.attempts).to.have.length(1);
    expect(it.chat.signIn.value).to.equal('out');
    await it.chat.logIn('ana', 'secret');
    expect(it.chat.signIn.value).to.equal('in');
  });

  it('is told at once that the server cannot be reached', async () => {
    const it = idleChat({ options: ACCOUNT, reachable: false });
    await it.chat.start();
    expect(await codeOf(it.chat.logIn('ana@example.org', 'secret'))).to.match(/^network\//);
    expect(it.chat.signIn.value).to.equal('out');
  });

  it('comes in under the name that the server knows it by, whatever other name of it was typed', async () => {
    const made = idleChat({
      options: { mode: 'page', domain: 'example.org', service: 'wss://example.org/xmpp' },
      script: {
        mechanisms: ['PLAIN'],
        intercept: (element, server) => {
          if (element.name !== 'auth') return false;
          server.enter('ana');
          server.push(`<success xmlns='${NS.sasl}'/>`);
          return true;
        },
      },
    });
    await made.chat.start();
    await made.chat.logIn('ana.berg@example.org', 'secret');
    expect([made.chat.address.peek(), made.chat.signIn.peek()]).to.deep.equal(['ana@example.org', 'in']);
  });

  it('is told that an address is none', async () => {
    const it = idleChat({ options: ACCOUNT });
    expect(await codeOf(it.chat.logIn('a b@c', 'secret'))).to.equal('auth/bad-address');
  });

  it('does not see what another account of the same device has', async () => {
    const first = await accountChat();
    first.receive(BO, 'For Ana');
    await first.arrival(BO, 'For Ana');
    const second = await first.reloaded({ script: { accounts: { bea: 'other' } } });
    second.server.script = { accounts: { bea: 'other' } };
    await second.chat.logIn('bea@example.org', 'other');
    expect(second.model.conversations.value).to.deep.equal([]);
  });

  it('of another domain is not what a server says that it is: neither what is stored of it nor what waits there gets out', async () => {
    const first = await accountChat();
    first.receive(BO, 'For Ana');
    await first.arrival(BO, 'For Ana');
    first.server.reachability = 'refused';
    first.server.drop();
    await first.conversation(BO).send('For Bo alone');
    await first.chat.destroy();
    const bind = (iq: XmlElement, server: ScriptedServer): boolean => {
      if (!child(iq, 'bind', NS.bind)) return false;
      server.push(`<iq xmlns='jabber:client' type='result' id='${attr(iq, 'id')}'><bind xmlns='${NS.bind}'><jid>ana@example.org/r</jid></bind></iq>`);
      return true;
    };
    const other = idleChat({ database: first.database, options: { ...ACCOUNT, domain: 'evil.example' }, script: { domain: 'evil.example', accounts: { mal: 'secret' }, intercept: bind } });
    await other.chat.start();
    expect(await codeOf(other.chat.logIn('mal@evil.example', 'secret'))).to.equal('stream/server-error');
    expect(other.chat.model.value).to.equal(undefined);
    expect(written(other.server)).to.deep.equal([]);
  });

  it('can have a big roster: 10,000 people with their names and groups', async () => {
    const roster = Array.from({ length: 10_000 }, (_, index) => `<item jid='colleague-${index}@example.org' name='Number ${index} of many' subscription='both'><group>Colleagues</group></item>`).join('');
    const it = await accountChat({ script: { accounts: { ana: 'secret' }, roster } });
    expect(it.model.contacts.value).to.have.length(10_000);
    expect(it.server.attempts).to.have.length(1);
  });

  it('signs out: closes the stream, disposes plugins, hides what is stored, and can sign in again', async () => {
    const said: string[] = [];
    const noting = definePlugin({ id: 'noting', setup: ctx => { said.push('+'); ctx.own(() => void said.push('-')); } });
    const it = await accountChat({ plugins: [noting] });
    await it.chat.logOut();
    expect(it.chat.signIn.value).to.equal('out');
    expect(it.chat.model.value).to.equal(undefined);
    await until('the socket to close', () => it.server.open === 0);
    await it.chat.logIn('ana@example.org', 'secret');
    expect(said).to.deep.equal(['+', '-', '+']);
  });
});

describe('destroy', () => {
  afterEach(endChats);

  const moments: readonly (readonly [string, () => Promise<Awaited<ReturnType<typeof visitorChat>>>])[] = [
    ['before it was started', async () => idleChat()],
    ['while it starts', async () => {
      const it = idleChat();
      void it.chat.start();
      return it;
    }],
    ['while it connects', async () => {
      const it = idleChat();
      it.server.reachability = 'hanging';
      await it.chat.start();
      return it;
    }],
    ['while it waits to connect again', () => visitorChat({ reachable: false })],
    ['while it is online', () => visitorChat()],
    ['while somebody logs in', async () => {
      const it = idleChat({ options: ACCOUNT });
      await it.chat.start();
      it.server.silent = true;
      it.chat.logIn('ana@example.org', 'secret').catch(() => undefined);
      await settle();
      return it;
    }],
    ['while a plugin is stuck in its setup', async () => {
      const it = idleChat({ plugins: [definePlugin({ id: 'stuck', setup: () => new Promise(() => undefined) })] });
      void it.chat.start();
      await settle();
      return it;
    }],
  ];
  for (const [moment, at] of moments) {
    it(`leaves no socket, timer or listener ${moment}`, async () => {
      const it = await at();
      let done = false;
      void it.chat.destroy().then(() => (done = true));
      await until('the end', async () => {
        await it.environment.advance(500);
        return done;
      });
      await settle();
      expect(it.server.open).to.equal(0);
      expect(it.environment.left).to.equal(0);
      expect(it.chat.status.value.name).to.equal('idle');
      expect(it.errors()).to.deep.equal([]);
      const before = it.server.attempts.length;
      await it.environment.advance(600_000);
      it.environment.wake();
      expect(it.server.attempts).to.have.length(before);
      expect(written(it.server)).to.deep.equal([]);
    });
  }

  it('by who hears that it is ready connects to nothing', async () => {
    const it = idleChat();
    const ended = new Promise<void>((resolve, reject) => void it.chat.on('ready', () => void it.chat.destroy().then(resolve, reject)));
    await it.chat.start();
    await ended;
    expect(it.server.attempts).to.deep.equal([]);
    expect(it.environment.left).to.equal(0);
  });

  it('lets nobody in any more', async () => {
    const it = idleChat({ options: ACCOUNT });
    await it.chat.start();
    await it.chat.destroy();
    expect(await codeOf(it.chat.logIn('ana@example.org', 'secret'))).to.equal('internal/destroyed');
    expect(it.server.attempts).to.deep.equal([]);
  });

  it('twice is once', async () => {
    const it = await visitorChat();
    await Promise.all([it.chat.destroy(), it.chat.destroy()]);
    await it.chat.destroy();
    expect(it.server.open).to.equal(0);
  });
});

import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Status } from '../../src/entities/status.js';
import { settle } from '../support/quiet.js';
import { onlineSession, testSession, VISITOR, type TestSession } from '../support/test-session.js';

const streamError = (condition: string): string => `<stream:error xmlns:stream='http://etherx.jabber.org/streams'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
/** The names of all states that a session goes through from now on. */
const journal = ({ session }: TestSession): { readonly names: readonly Status['name'][]; stop(): void } => {
  const names: Status['name'][] = [];
  const stop = session.status.subscribe(({ name }) => void names.push(name));
  return { names, stop };
};

describe('a session that asks whether its server is there', () => {
  it('stays online meanwhile', async () => {
    const made = await onlineSession();
    const offline: unknown[] = [];
    made.session.on('offline', detail => offline.push(detail));
    made.server.silent = true;
    await made.environment.advance(30_000);
    expect(made.session.status.peek()).to.deep.equal({ name: 'verifying' });
    expect(made.session.online.peek()).to.equal(true);
    made.server.push("<presence xmlns='jabber:client' from='bo@example.org/x'/>");
    await settle();
    expect(made.session.status.peek()).to.deep.equal({ name: 'online' });
    expect(offline).to.deep.equal([]);
    await made.session.destroy();
  });

  it('takes an error for an answer', async () => {
    const made = await onlineSession({ sm: false, intercept: ({ name, attrs }, server) => {
      if (name !== 'iq' || !server.received.some(({ name: its }) => its === 'iq') || server.received.filter(({ name: its }) => its === 'iq').length < 2) return false;
      server.push(`<iq xmlns='jabber:client' type='error' id='${attrs['id']}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`);
      return true;
    } });
    await made.environment.advance(120_000);
    expect(made.session.status.peek()).to.deep.equal({ name: 'online' });
    expect(made.server.attempts).to.have.length(1);
    await made.session.destroy();
  });

  it('asks at once when a person wants to know', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    made.session.reconnectNow();
    expect(made.session.status.peek().name).to.equal('verifying');
    await made.environment.advance(10_000);
    expect(made.session.status.peek().name).to.equal('waiting');
    await made.session.destroy();
  });
});

describe('a page that is put away or frozen', () => {
  for (const goes of ['hide', 'freeze'] as const) {
    it(`lets its session sleep, which wakes with it (${goes})`, async () => {
      const made = await onlineSession();
      const { names, stop } = journal(made);
      made.environment[goes]();
      expect(made.session.online.peek()).to.equal(false);
      expect(made.session.jid).to.equal(undefined);
      await made.environment.sleep(3_600_000);
      expect(made.server.attempts).to.have.length(1);
      made.environment.wake();
      await made.status('online');
      stop();
      expect(names).to.deep.equal(['online', 'sleeping', 'connecting', 'online']);
      await made.session.destroy();
    });
  }

  it('wakes also what had been waiting, and at once', async () => {
    const made = await onlineSession();
    made.server.drop();
    await made.status('waiting');
    made.environment.hide();
    expect(made.session.status.peek().name).to.equal('sleeping');
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(1);
    made.environment.wake();
    await made.status('online');
    await made.session.destroy();
  });

  it('does not wake what had stopped', async () => {
    const made = await onlineSession();
    made.server.push(streamError('conflict'));
    await made.status('failed');
    made.environment.freeze();
    made.environment.wake();
    await made.environment.advance(60_000);
    expect(made.session.status.peek().name).to.equal('failed');
    expect(made.server.attempts).to.have.length(1);
    await made.session.destroy();
  });

  it('can be gone while the attempt is still on its way', async () => {
    const made = testSession();
    made.server.reachability = 'hanging';
    made.session.connect();
    await settle();
    made.environment.hide();
    await settle();
    expect(made.server.open).to.equal(0);
    made.server.reachability = 'open';
    made.environment.wake();
    await made.status('online');
    await made.session.destroy();
  });
});

describe('a first connection that fails', () => {
  it('is told at once where somebody signed in, without a network too', async () => {
    const made = testSession();
    made.environment.online.value = false;
    made.server.reachability = 'refused';
    made.session.connect();
    await made.status('failed');
    await made.session.destroy();
  });

  it('is tried again where a login is kept from earlier', async () => {
    const made = testSession({}, { credentials: { kind: 'secret', username: 'ana' } });
    made.server.reachability = 'refused';
    made.session.connect();
    await made.status('waiting');
    await made.session.destroy();
  });

  it('tells a visitor that no guests are let in, at once', async () => {
    const made = testSession({ intercept: ({ name }, server) => name === 'auth' && (server.push("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"), true), mechanisms: ['ANONYMOUS'] }, { credentials: VISITOR });
    made.session.connect();
    await made.status('failed');
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(1);
    await made.session.destroy();
  });

  it('tells a visitor at once that the domain is unknown, and stops', async () => {
    const made = testSession({ intercept: ({ name }, server) => name === 'open' && (server.push(streamError('host-unknown')), true) }, { credentials: VISITOR });
    made.session.connect();
    await made.status('failed');
    expect(made.problem).to.equal('host-unknown');
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(1);
    made.server.script = { mechanisms: ['ANONYMOUS'] };
    made.session.reconnectNow();
    await made.status('online');
    await made.session.destroy();
  });
});

describe('a machine without a network', () => {
  it('knows when it looks again', async () => {
    const made = await onlineSession();
    made.environment.online.value = false;
    made.server.drop();
    const offline = await made.status('offline');
    expect('at' in offline && offline.at - made.environment.now()).to.equal(60_000);
    await made.session.destroy();
  });

  it('whose network comes and goes ten times a second makes no more attempts than one in 2 s', async () => {
    const made = await onlineSession();
    made.environment.online.value = false;
    made.server.reachability = 'refused';
    made.server.drop();
    await made.status('offline');
    for (let flap = 0; flap < 200; flap++) {
      made.environment.online.value = !made.environment.online.peek();
      if (made.environment.online.peek()) made.environment.wake();
      await made.environment.advance(100);
    }
    expect(made.server.attempts.length).to.be.at.most(1 + 20);
    await made.session.destroy();
  });
});

describe('a session', () => {
  it('is asked by others in the middle of being told, and still does what was asked last', async () => {
    const made = testSession();
    const off = made.session.status.subscribe(({ name }) => {
      if (name === 'connecting') void made.session.disconnect();
    });
    made.session.connect();
    await settle();
    expect(made.session.status.peek().name).to.equal('idle');
    expect(made.server.attempts).to.have.length(0);
    off();
    await made.session.destroy();
  });

  /** What the world may do to a session; nothing of it is a person's wish. */
  const WORLD: Readonly<Record<string, (made: TestSession) => Promise<void> | void>> = {
    wake: ({ environment }) => environment.wake(),
    hide: ({ environment }) => environment.hide(),
    freeze: ({ environment }) => environment.freeze(),
    unplugged: ({ environment }) => void (environment.online.value = false),
    plugged: ({ environment }) => void (environment.online.value = true),
    hidden: ({ environment }) => void (environment.visible.value = false),
    seen: ({ environment }) => void (environment.visible.value = true),
    'clock set back': ({ environment }) => environment.setClock(-3_600_000),
    'clock set ahead': ({ environment }) => environment.setClock(3_600_000),
    'slept for an hour': ({ environment }) => environment.sleep(3_600_000),
    'a second': ({ environment }) => environment.advance(1_000),
    'half a minute': ({ environment }) => environment.advance(30_000),
    'two minutes': ({ environment }) => environment.advance(120_000),
    drop: ({ server }) => server.drop(),
    close: ({ server }) => server.drop(true),
    silent: ({ server }) => void (server.silent = true),
    talks: ({ server }) => void (server.silent = false),
    refuses: ({ server }) => void (server.reachability = 'refused'),
    hangs: ({ server }) => void (server.reachability = 'hanging'),
    opens: ({ server }) => void (server.reachability = 'open'),
    shutdown: ({ server }) => server.push(streamError('system-shutdown')),
    full: ({ server }) => server.push(streamError('resource-constraint')),
  };

  it('comes back by itself from whatever the world did to it, once the world is well again, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(WORLD)), { minLength: 1, maxLength: 12 }), async happened => {
        const made = await onlineSession();
        for (const what of happened) {
          await WORLD[what]?.(made);
          await settle();
        }
        Object.assign(made.server, { silent: false, reachability: 'open' });
        made.environment.online.value = true;
        made.environment.wake();
        await settle();
        for (let minute = 0; minute < 4 && made.session.status.peek().name !== 'online'; minute++) await made.environment.advance(60_000);
        expect(made.session.status.peek().name).to.equal('online');
        // One that was closed politely may take 2 s to be gone.
        await made.environment.advance(2_000);
        expect(made.server.open).to.equal(1);
        const ending = made.session.destroy();
        await settle();
        await made.environment.advance(2_000);
        await ending;
        expect(made.environment.left).to.equal(0);
        expect(made.errors()).to.deep.equal([]);
      }),
      { numRuns: 25 },
    );
  }).timeout(120_000);
});

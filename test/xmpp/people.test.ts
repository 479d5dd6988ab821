import { expect } from '@open-wc/testing';
import { createDisco } from '../../src/xmpp/disco.js';
import { createPing } from '../../src/xmpp/ping.js';
import { createPresence } from '../../src/xmpp/presence.js';
import { createRoster } from '../../src/xmpp/roster.js';
import { discoFeatures, stanzaHandlers } from '../../src/xmpp/slots.js';
import type { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import { readInfo } from '../../src/xmpp/xep/0030-disco.js';
import { capsHash, CAPS_NS } from '../../src/xmpp/xep/0115-caps.js';
import { attr, child, children, type XmlElement } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import type { ServerScript } from '../support/scripted-server.js';
import { onlineSession } from '../support/test-session.js';

const INFO = 'http://jabber.org/protocol/disco#info';

const people = async (script: ServerScript = {}) => {
  const made = await onlineSession(script);
  const parts = { ...made, log: createLog('test', () => undefined) };
  const disco = createDisco(made.session, made.registry);
  const roster = createRoster(parts);
  const presence = createPresence({ ...parts, caps: disco.caps });
  const ping = createPing(parts.registry);
  const push = async (...frames: readonly string[]): Promise<void> => {
    for (const frame of frames) made.server.push(frame);
    await settle();
  };
  /** Asks the client and gives its answer. */
  const ask = async (inside: string, type = 'get', from = 'bo@example.org/x'): Promise<XmlElement> => {
    const id = `q${made.server.sent.length}-${Math.random()}`;
    made.server.push(`<iq xmlns='jabber:client' type='${type}' id='${id}'${from && ` from='${from}'`}>${inside}</iq>`);
    return made.server.next(element => element.name === 'iq' && attr(element, 'id') === id);
  };
  return { ...made, made, disco, roster, presence, ping, push, ask };
};

describe('what we are', () => {
  it('is told to whoever asks, with every feature that was added', async () => {
    const { session, ask, registry } = await people();
    registry.add(discoFeatures, 'urn:test:feature', 'test');
    const info = readInfo(await ask(`<query xmlns='${INFO}'/>`));
    expect(info.identities).to.deep.equal([{ category: 'client', type: 'web', name: 'Stoa' }]);
    expect(info.features).to.include.members([INFO, CAPS_NS, 'urn:xmpp:ping', 'urn:test:feature']);
    expect(new Set(info.features).size).to.equal(info.features.length);
    await session.destroy();
  });

  it('is told under the node of the present hash, and of no other', async () => {
    const { session, ask, disco } = await people();
    const { node, ver } = await disco.caps();
    const right = await ask(`<query xmlns='${INFO}' node='${node}#${ver}'/>`);
    const query = child(right, 'query', INFO);
    expect(query && attr(query, 'node')).to.equal(`${node}#${ver}`);
    expect(await capsHash(readInfo(right))).to.equal(ver);
    for (const wrong of [`${node}#other`, 'else']) expect(attr(await ask(`<query xmlns='${INFO}' node='${wrong}'/>`), 'type')).to.equal('error');
    await session.destroy();
  });

  it('has no items', async () => {
    const { session, ask } = await people();
    const answer = await ask("<query xmlns='http://jabber.org/protocol/disco#items'/>");
    expect(attr(answer, 'type')).to.equal('result');
    await session.destroy();
  });

  it('is hashed as in the example of XEP-0115', async () => {
    const features = ['http://jabber.org/protocol/muc', 'http://jabber.org/protocol/disco#items', 'http://jabber.org/protocol/caps', INFO];
    expect(await capsHash({ identities: [{ category: 'client', type: 'pc', name: 'Exodus 0.9.1' }], features })).to.equal('QgayPKawpkPSDYmwT/WM94uAlu0=');
  });

  it('answers pings, from the server and from people', async () => {
    const { session, ask } = await people();
    for (const from of ['', 'example.org', 'ana@example.org', 'bo@example.org/x']) {
      const answer = await ask("<ping xmlns='urn:xmpp:ping'/>", 'get', from);
      expect(attr(answer, 'type')).to.equal('result');
      expect(attr(answer, 'to')).to.equal(from || undefined);
    }
    await session.destroy();
  });
});

describe('what others are', () => {
  it('is asked once per connection, also by two who ask at once', async () => {
    const { session, server, disco, environment, status } = await people({ features: ['urn:a', 'urn:b'] });
    const [one, two] = await Promise.all([disco.info('example.org'), disco.info('example.org')]);
    expect(one.features).to.deep.equal(['urn:a', 'urn:b']);
    expect(two).to.equal(one);
    const asked = (): number => server.sent.filter(iq => child(iq, 'query', INFO)).length;
    expect(asked()).to.equal(1);
    server.drop();
    await environment.advance(2_000);
    await status('online');
    await disco.info('example.org');
    expect(asked()).to.equal(2);
    await session.destroy();
  });

  it('is asked again after it was not answered', async () => {
    const { session, server, disco } = await people({ intercept: (iq, its) => child(iq, 'query', INFO) !== undefined && (its.push(`<iq xmlns='jabber:client' type='error' id='${attr(iq, 'id')}' from='x.example.org'><error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`), true) });
    for (let round = 0; round < 2; round++) expect(await disco.info('x.example.org').catch((error: unknown) => (error as ChatError).code)).to.equal('remote-server-timeout');
    expect(server.sent.filter(iq => child(iq, 'query', INFO))).to.have.length(2);
    await session.destroy();
  });

  it('lists each item once', async () => {
    const items = "<item jid='a.example.org'/><item jid='a.example.org' name='A'/><item name='nobody'/><item jid='a.example.org' node='n'/>";
    const { session, disco } = await people({
      intercept: (iq, server) => child(iq, 'query', 'http://jabber.org/protocol/disco#items') !== undefined && (server.push(`<iq xmlns='jabber:client' type='result' id='${attr(iq, 'id')}' from='example.org'><query xmlns='http://jabber.org/protocol/disco#items'>${items}</query></iq>`), true),
    });
    expect(await disco.items('example.org')).to.deep.equal([{ jid: 'a.example.org', name: 'A' }, { jid: 'a.example.org', node: 'n', name: '' }]);
    await session.destroy();
  });
});

describe('own presence', () => {
  it('carries the hash, and is told again when what we can do changes', async () => {
    const { session, server, presence, registry, disco } = await people();
    await presence.announce();
    const first = await server.next('presence');
    const caps = child(first, 'c', CAPS_NS);
    expect(caps && attr(caps, 'ver')).to.equal((await disco.caps()).ver);
    const off = registry.add(discoFeatures, 'urn:test:new', 'test');
    const second = child(await server.next('presence'), 'c', CAPS_NS);
    expect(second && attr(second, 'ver')).to.equal((await disco.caps()).ver);
    expect(second && attr(second, 'ver')).not.to.equal(caps && attr(caps, 'ver'));
    void off();
    registry.add(discoFeatures, 'urn:test:new', 'test');
    await settle();
    const later = server.sent.filter(({ name }) => name === 'presence').length;
    await presence.announce();
    await settle();
    expect(server.sent.filter(({ name }) => name === 'presence')).to.have.length(later);
    await session.destroy();
  });

  it('is not told before it is asked for, and anew on each connection', async () => {
    const { session, server, presence, registry, environment, status } = await people();
    registry.add(discoFeatures, 'urn:test:new', 'test');
    await settle();
    expect(server.sent.filter(({ name }) => name === 'presence')).to.deep.equal([]);
    await presence.announce();
    server.drop();
    await environment.advance(2_000);
    await status('online');
    await presence.announce();
    await settle();
    expect(server.sent.filter(({ name }) => name === 'presence')).to.have.length(2);
    await session.destroy();
  });
});

describe('the presence of others', () => {
  const from = (address: string, inside = '', type = ''): string => `<presence xmlns='jabber:client' from='${address}'${type && ` type='${type}'`}>${inside}</presence>`;

  it('is that of the best device, by bare address', async () => {
    const { session, presence, push } = await people();
    const bo = (): unknown => presence.presence.peek().get('bo@example.org');
    await push(from('Bo@example.org/phone', '<show>away</show><status>out</status><priority>1</priority>'));
    expect(bo()).to.deep.equal({ show: 'away', status: 'out' });
    await push(from('bo@example.org/desk', '<show>dnd</show><priority>5</priority>'));
    expect(bo()).to.deep.equal({ show: 'dnd', status: '' });
    await push(from('bo@example.org/desk', '<priority>1</priority>'));
    expect(bo()).to.deep.equal({ show: 'online', status: '' });
    await push(from('bo@example.org/desk', '', 'unavailable'));
    expect(bo()).to.deep.equal({ show: 'away', status: 'out' });
    await push(from('bo@example.org', '', 'unavailable'));
    expect(bo()).to.deep.equal({ show: 'offline', status: '' });
    await session.destroy();
  });

  it('says nothing about who was never there', async () => {
    const { session, presence, push } = await people();
    await push(from('bo@example.org/x', '', 'unavailable'), from('eva@example.org', '', 'error'), from('kim@example.org', '', 'subscribe'), from('@'), "<presence xmlns='jabber:client'/>");
    expect(presence.presence.peek().size).to.equal(0);
    await session.destroy();
  });

  it('does not believe a strange show, priority or namespace', async () => {
    const { session, presence, push } = await people();
    await push(from('bo@example.org/x', "<show>invisible</show><priority>9999</priority><status xmlns='urn:evil'>x</status>"));
    expect(presence.presence.peek().get('bo@example.org')).to.deep.equal({ show: 'online', status: '' });
    await session.destroy();
  });

  it('is forgotten with the connection', async () => {
    const { session, server, presence, push } = await people();
    await push(from('bo@example.org/x'));
    server.drop();
    await settle();
    expect(presence.presence.peek().size).to.equal(0);
    await session.destroy();
  });

  it('leaves subscription requests to whoever claims them', async () => {
    const { session, registry, push } = await people();
    const asked: (string | undefined)[] = [];
    registry.add(stanzaHandlers, { claim: { kind: 'presence', type: 'subscribe' }, handle: ({ stanza }) => void asked.push(attr(stanza, 'from')) }, 'test');
    await push(from('bo@example.org', '', 'subscribe'));
    expect(asked).to.deep.equal(['bo@example.org']);
    await session.destroy();
  });

  it('of a flood takes no more than there is room for', async () => {
    const { session, presence, push } = await people();
    await push(...Array.from({ length: 60 }, (_, index) => from(`bo@example.org/${index}`, `<priority>${index}</priority><status>${index}</status>`)));
    await settle();
    expect(presence.presence.peek().get('bo@example.org')?.status).to.equal('49');
    await session.destroy();
  });
});

describe('the roster', () => {
  const NS = 'jabber:iq:roster';
  const push = (inside: string): string => `<query xmlns='${NS}'>${inside}</query>`;
  const BO = "<item jid='Bo@example.org' name='Bo' subscription='both'><group>Friends</group><group>Work</group></item>";

  it('is what the server says, without what is no address', async () => {
    const { session, roster } = await people({ roster: `${BO}<item jid='@'/><item jid='eva@example.org' ask='subscribe'/><item jid='old@example.org' subscription='remove'/>` });
    expect(roster.contacts.peek()).to.equal(undefined);
    await roster.load();
    expect(roster.contacts.peek()).to.deep.equal([
      { address: 'bo@example.org', name: 'Bo', subscription: 'both', pending: false, groups: ['Friends', 'Work'] },
      { address: 'eva@example.org', name: '', subscription: 'none', pending: true, groups: [] },
    ]);
    await session.destroy();
  });

  it('changes by pushes from our own account, or from nobody', async () => {
    const { session, roster, ask } = await people({ roster: BO });
    await roster.load();
    expect(attr(await ask(push("<item jid='eva@example.org' subscription='to'/>"), 'set', 'ana@example.org'), 'type')).to.equal('result');
    expect(attr(await ask(push("<item jid='bo@example.org' name='B.' subscription='from'/>"), 'set', ''), 'type')).to.equal('result');
    expect(roster.contacts.peek()?.map(({ address, name, subscription }) => `${address} ${name} ${subscription}`)).to.deep.equal(['bo@example.org B. from', 'eva@example.org  to']);
    await ask(push("<item jid='bo@example.org' subscription='remove'/>"), 'set', '');
    expect(roster.contacts.peek()?.map(({ address }) => address)).to.deep.equal(['eva@example.org']);
    await session.destroy();
  });

  it('does not change by pushes of anybody else, nor by malformed ones', async () => {
    const { session, roster, ask } = await people({ roster: BO });
    await roster.load();
    const before = roster.contacts.peek();
    const evil = push("<item jid='evil@example.net' subscription='both'/>");
    for (const forger of ['evil@example.net', 'evil@example.net/x', 'example.org', 'ana@example.org/other', 'ana@example.org.evil.net', 'bo@example.org']) expect(attr(await ask(evil, 'set', forger), 'type')).to.equal('error');
    for (const bad of [push(''), push(BO + BO), push("<item jid='@' subscription='both'/>"), push("<item jid='bo@example.org' subscription='king'/>")]) expect(attr(await ask(bad, 'set', ''), 'type')).to.equal('error');
    expect(roster.contacts.peek()).to.equal(before);
    expect(children(await ask(evil, 'set', 'evil@example.net'), 'query', NS)).to.deep.equal([]);
    await session.destroy();
  });

  it('stays what it was while offline', async () => {
    const { session, server, roster } = await people({ roster: BO });
    await roster.load();
    server.drop();
    await settle();
    expect(roster.contacts.peek()).to.have.length(1);
    await session.destroy();
  });
});

describe('all of it', () => {
  it('is given back', async () => {
    const { session, registry, disco, presence, roster, ping } = await people();
    for (const { dispose } of [disco, presence, roster, ping]) dispose();
    await settle();
    expect(registry.all(stanzaHandlers).peek()).to.deep.equal([]);
    expect(registry.all(discoFeatures).peek()).to.deep.equal([]);
    await session.destroy();
  });
});

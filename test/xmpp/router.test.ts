import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import { Registry } from '../../src/base/slot.js';
import { createRouter, type Claim, type Origin } from '../../src/xmpp/router.js';
import { stanzaHandlers } from '../../src/xmpp/slots.js';
import { StanzaError } from '../../src/xmpp/stanza-error.js';
import { parseXml, serialize, xml, type XmlElement } from '../../src/xmpp/xml.js';

const LIVE: Origin = { kind: 'live' };

const routing = () => {
  const registry = new Registry();
  const heard: string[] = [];
  const replies: string[] = [];
  const reports: string[] = [];
  const router = createRouter({
    handlers: registry.all(stanzaHandlers),
    log: createLog('router', ({ owner, text }) => void reports.push(`${owner}: ${text}`)),
    reply: stanza => void replies.push(serialize(stanza)),
  });
  const claim = (name: string, shape: Claim, answer: () => XmlElement | undefined | Promise<XmlElement | undefined> = () => undefined): void => {
    registry.add(stanzaHandlers, { claim: shape, handle: () => (heard.push(name), answer()) }, name);
  };
  const route = async (source: string, origin: Origin = LIVE): Promise<void> => {
    const stanza = parseXml(source);
    if (!stanza) throw new Error(`no XML: ${source}`);
    await router.route(stanza, origin);
  };
  return { registry, claim, route, heard, replies, reports };
};

const X = { name: 'x', ns: 'urn:x' };
const message = (type: string, inside = ''): string => `<message xmlns='jabber:client'${type && ` type='${type}'`}>${inside}</message>`;

describe('the router', () => {
  it('asks the most specific claim alone: a child weighs more than a type', async () => {
    const { claim, route, heard } = routing();
    claim('any', { kind: 'message' });
    claim('type', { kind: 'message', type: 'chat' });
    claim('child', { kind: 'message', child: X });
    claim('both', { kind: 'message', type: 'chat', child: X });
    await route(message('chat', "<x xmlns='urn:x'/>"));
    await route(message('normal', "<x xmlns='urn:x'/>"));
    await route(message('chat', "<x xmlns='urn:other'/>"));
    await route(message('headline'));
    await route("<presence xmlns='jabber:client'/>");
    expect(heard).to.deep.equal(['both', 'child', 'type', 'any']);
  });

  it('takes a message without a known type for a normal one, and a presence without one for available', async () => {
    const { claim, route, heard } = routing();
    claim('normal', { kind: 'message', type: 'normal' });
    claim('available', { kind: 'presence', type: 'available' });
    await route(message(''));
    await route(message('strange'));
    await route("<presence xmlns='jabber:client'/>");
    expect(heard).to.deep.equal(['normal', 'normal', 'available']);
  });

  it('gives an error to nobody who only wants the child that it repeats', async () => {
    const { claim, route, heard } = routing();
    claim('child', { kind: 'message', child: X });
    claim('error', { kind: 'message', type: 'error' });
    await route(message('error', "<x xmlns='urn:x'/>"));
    expect(heard).to.deep.equal(['error']);
  });

  it('lets observers hear everything beside the owner, whatever they throw', async () => {
    const { registry, claim, route, heard, reports } = routing();
    registry.add(stanzaHandlers, { claim: { kind: 'message' }, observe: () => { throw new Error('blind'); } }, 'observer');
    registry.add(stanzaHandlers, { claim: { kind: 'message' }, observe: () => void heard.push('observer') }, 'other');
    claim('owner', { kind: 'message' });
    await route(message('chat'));
    expect(heard).to.deep.equal(['observer', 'owner']);
    expect(reports).to.deep.equal(['observer: blind']);
  });

  it('reports a handler that throws under its owner and goes on', async () => {
    const { claim, route, reports } = routing();
    claim('a plugin', { kind: 'message' }, () => { throw new Error('broken'); });
    await route(message('chat'));
    expect(reports).to.deep.equal(['a plugin: broken']);
  });

  it('rejects what could not be stored, as it must come again', async () => {
    for (const error of [new ChatError('storage', 'full', 'user'), new ChatError('internal', 'not-ready', 'later')]) {
      const { claim, route } = routing();
      claim('model', { kind: 'message' }, () => Promise.reject(error));
      expect(await route(message('chat')).then(() => 'settled', (thrown: unknown) => thrown)).to.equal(error);
    }
  });

  it('does not ask for what a handler could not fetch again', async () => {
    const { claim, route } = routing();
    claim('a plugin', { kind: 'message' }, () => Promise.reject(new ChatError('network', 'time-out', 'later')));
    await route(message('chat'));
  });
});

describe('an IQ of type get or set', () => {
  const ask = (type: string, inside = "<x xmlns='urn:x'/>"): string => `<iq xmlns='jabber:client' type='${type}' id='7' from='bo@example.org/x'>${inside}</iq>`;

  it('that nobody claims is answered with service-unavailable', async () => {
    const { route, replies } = routing();
    await route(ask('get'));
    await route(ask('set'));
    expect(replies).to.have.length(2);
    for (const reply of replies) expect(reply).to.contain('type="error" to="bo@example.org/x" id="7"').and.to.contain('<service-unavailable');
  });

  it('is answered with what its handler returns, or with nothing inside', async () => {
    const { claim, route, replies } = routing();
    claim('x', { kind: 'iq', type: 'get', child: X }, () => Promise.resolve(xml('x', { xmlns: 'urn:x', answer: 'yes' })));
    claim('y', { kind: 'iq', type: 'set', child: X });
    await route(ask('get'));
    await route(ask('set'));
    expect(replies).to.deep.equal([
      '<iq xmlns="jabber:client" type="result" to="bo@example.org/x" id="7"><x xmlns="urn:x" answer="yes"/></iq>',
      '<iq xmlns="jabber:client" type="result" to="bo@example.org/x" id="7"/>',
    ]);
  });

  it('is refused with the error that its handler throws', async () => {
    const { claim, route, replies, reports } = routing();
    claim('x', { kind: 'iq', type: 'get', child: X }, () => { throw new StanzaError('not-acceptable', 'modify', 'no & never'); });
    await route(ask('get'));
    expect(replies[0]).to.contain('<error type="modify"><not-acceptable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">no &amp; never</text></error>');
    expect(reports).to.deep.equal([]);
  });

  it('whose handler breaks is answered with an error that tells nothing', async () => {
    const { claim, route, replies, reports } = routing();
    claim('x', { kind: 'iq', type: 'get', child: X }, () => Promise.reject(new Error('secret')));
    await route(ask('get'));
    expect(replies[0]).to.contain('<internal-server-error').and.not.to.contain('secret');
    expect(reports).to.deep.equal(['x: secret']);
  });

  it('from an archive or another device is answered by nobody', async () => {
    const { route, replies } = routing();
    await route(ask('get'), { kind: 'carbon', direction: 'received' });
    expect(replies).to.deep.equal([]);
  });
});

// An XMPP client in Node that is not ours: @xmpp/client as it comes. It makes the demo's first conversation, and it is the judge of our tests.
import { randomUUID } from 'node:crypto';
import { client, xml } from '@xmpp/client';
import WebSocket from 'ws';

// Node 20 has no WebSocket of its own, and @xmpp/client takes the global one.
globalThis.WebSocket ??= WebSocket;

const MAM = 'urn:xmpp:mam:2';
const SM = 'urn:xmpp:sm:3';

/**
 * An element as @xmpp/client gives it, as far as we read it.
 *
 * @typedef {object} Stanza
 * @property {Record<string, string>} attrs
 * @property {(name: string, ns?: string) => boolean} is
 * @property {(name: string, ns?: string) => Stanza | undefined} getChild
 * @property {(name: string, ns?: string) => string | null} getChildText
 * @property {() => string} toString
 */

/**
 * Somebody who is logged in.
 *
 * @typedef {object} Peer
 * @property {string} jid
 * @property {string} bare
 * @property {readonly Stanza[]} messages every message stanza that arrived, in order
 * @property {(to: string, body: string, extra?: readonly unknown[]) => Promise<string>} say sends a chat message and gives back its id
 * @property {() => Promise<unknown>} settle asks the server something, so that all that was sent before has been handled
 * @property {(fits: (stanza: Stanza) => boolean, patience?: number) => Promise<Stanza>} message the first message, from the very first on, that fits
 * @property {(filter?: Record<string, string>) => Promise<{ archiveId: string, id: string, from: string, to: string, body: string }[]>} archive what the server's archive holds (XEP-0313), oldest first: each message that has a text
 * @property {(jid: string, name: string) => Promise<unknown>} know puts somebody into its contact list
 * @property {(address: string) => Promise<readonly string[]>} features what an address says that it can (XEP-0030)
 * @property {boolean} resumable whether the server offers to go on with a broken session
 * @property {(stanza: unknown) => Promise<void>} send
 * @property {(iq: unknown) => Promise<Stanza>} request
 * @property {() => Promise<unknown>} stop
 */

/**
 * Logs in and resolves when online.
 *
 * @param {object} options
 * @param {string} options.service ws:// address of the server
 * @param {string} options.domain
 * @param {string} [options.username] without: an anonymous guest
 * @param {string} [options.password]
 * @param {string} [options.resource]
 * @param {boolean} [options.available] whether to send presence, and so to receive messages (default: yes)
 * @returns {Promise<Peer>}
 */
export async function connectPeer({ service, domain, username, password, resource, available = true }) {
  const xmpp = client({ service, domain, username, password, resource });
  xmpp.reconnect.stop();
  /** @type {Stanza[]} */
  const messages = [];
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const wake = () => watchers.forEach((run) => run());
  xmpp.on('stanza', (stanza) => {
    if (stanza.is('message') && !stanza.getChild('result', MAM)) messages.push(stanza);
    wake();
  });
  let trouble;
  xmpp.on('error', (error) => {
    trouble = error;
    wake();
  });
  // It counts stanzas from its own "enable" on and the server from "enabled" on: nothing may arrive in between, or the server ends the stream.
  const counting = new Promise((resolve) => xmpp.on('nonza', (element) => element.getNS() === SM && !element.is('r', SM) && resolve(element.is('enabled', SM) && /^(true|1)$/.test(element.attrs.resume))));
  const jid = await xmpp.start();
  const resumable = await counting;
  if (available) await xmpp.send(xml('presence'));

  async function say(to, body, extra = []) {
    const id = randomUUID();
    await xmpp.send(xml('message', { to, type: 'chat', id }, xml('body', {}, body), ...extra));
    return id;
  }

  const settle = () => xmpp.iqCaller.request(xml('iq', { type: 'get', to: domain }, xml('ping', 'urn:xmpp:ping')), 15_000);

  function message(fits, patience = 15_000) {
    return new Promise((resolve, reject) => {
      const stop = () => {
        watchers.delete(look);
        clearTimeout(deadline);
      };
      const look = () => {
        const found = messages.find(fits);
        if (!found && !trouble) return;
        stop();
        if (found) resolve(found);
        else reject(trouble);
      };
      const deadline = setTimeout(() => {
        stop();
        reject(new Error(`No such message within ${patience} ms; there were ${messages.length}, at last: ${messages.slice(-5).join(' ')}`));
      }, patience);
      watchers.add(look);
      look();
    });
  }

  async function archive(filter = {}) {
    const found = [];
    for (let after; ; ) {
      const queryid = randomUUID();
      const page = [];
      const collect = (stanza) => {
        const result = stanza.is('message') ? stanza.getChild('result', MAM) : undefined;
        if (result?.attrs.queryid === queryid) page.push(result);
      };
      xmpp.on('stanza', collect);
      const form = xml('x', { xmlns: 'jabber:x:data', type: 'submit' }, xml('field', { var: 'FORM_TYPE', type: 'hidden' }, xml('value', {}, MAM)), ...Object.entries(filter).map(([name, value]) => xml('field', { var: name }, xml('value', {}, value))));
      const set = xml('set', 'http://jabber.org/protocol/rsm', xml('max', {}, '50'), ...(after ? [xml('after', {}, after)] : []));
      const answer = await xmpp.iqCaller.request(xml('iq', { type: 'set' }, xml('query', { xmlns: MAM, queryid }, form, set)), 15_000);
      xmpp.off('stanza', collect);
      for (const result of page) {
        const inner = result.getChild('forwarded', 'urn:xmpp:forward:0').getChild('message');
        const body = inner.getChildText('body');
        if (body !== null) found.push({ archiveId: result.attrs.id, id: inner.attrs.id, from: inner.attrs.from, to: inner.attrs.to, body });
      }
      after = page.at(-1)?.attrs.id;
      if (answer.getChild('fin', MAM)?.attrs.complete === 'true' || !after) return found;
    }
  }

  const request = (iq) => xmpp.iqCaller.request(iq, 15_000);
  const know = (contact, name) => request(xml('iq', { type: 'set' }, xml('query', 'jabber:iq:roster', xml('item', { jid: contact, name }))));

  const features = async (address) => (await request(xml('iq', { type: 'get', to: address }, xml('query', 'http://jabber.org/protocol/disco#info')))).getChild('query').getChildren('feature').map(({ attrs }) => attrs.var);

  return { jid: jid.toString(), bare: jid.bare().toString(), messages, say, settle, message, archive, know, features, resumable, send: (stanza) => xmpp.send(stanza), request, stop: () => xmpp.stop() };
}

export { xml };

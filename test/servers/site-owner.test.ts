/** The configurations that site owners are given are tried: real servers start with these very files, and people get in by all that they open. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startEjabberd } from '../../demo/server/ejabberd.mjs';
import { connectPeer } from '../../demo/server/peer.mjs';
import { startProsody } from '../../demo/server/prosody.mjs';
import { root } from '../../scripts/lib/root.mjs';
import { readHostMeta } from '../../src/xmpp/xep/0156-host-meta.js';
import type { Server } from '../support/world.js';

const given = (name: string): string => readFileSync(join(root, 'docs/servers', name), 'utf8');
/** A text as Lua and YAML both read it. */
const quoted = (text: string): string => JSON.stringify(text);

/** Puts one thing in place of another that must be there exactly once. */
const adapt = (text: string, from: string, to: string): string => {
  assert.equal(text.split(from).length, 2, `“${from}” is not there once`);
  return text.replace(from, to);
};

/** The file with a free port in place of the usual one, and where it keeps its data: nothing else. */
const prosody = ({ dir, port }: { readonly dir: string; readonly port: number }): string => `
data_path = ${quoted(join(dir, 'data'))}
pidfile = ${quoted(join(dir, 'prosody.pid'))}
log = { { levels = { min = "info" }, to = "file", filename = ${quoted(join(dir, 'prosody.log'))} } }
storage = { archive = "sql" }
sql = { driver = "SQLite3", database = ${quoted(join(dir, 'archive.sqlite'))} }
c2s_ports = {}
s2s_ports = {}
${adapt(given('prosody.cfg.lua'), 'http_ports = { 5280 }', `http_ports = { ${port} }`)}`;

/** The same, with the door by which tests make accounts. */
const ejabberd = ({ dir, port }: { readonly dir: string; readonly port: number }): string => `
sql_type: sqlite
sql_database: ${quoted(join(dir, 'ejabberd.sqlite'))}
api_permissions: {tests: {from: [mod_http_api], who: all, what: "*"}}
${adapt(adapt(given('ejabberd.yml'), 'port: 5280', `port: ${port}`), '/http-bind: mod_bosh', '/http-bind: mod_bosh\n      /api: mod_http_api')}`;

for (const [name, start] of [['prosody.cfg.lua', () => startProsody({ write: prosody })], ['ejabberd.yml', () => startEjabberd({ write: ejabberd })]] as const) {
  describe(name, () => {
    let server: Server;
    before(async () => {
      server = await start();
      await server.adduser('support', 'secret', 'example.org');
    });
    after(() => server.stop());

    it('lets accounts in, keeps their archive and lets a visitor talk with them', async () => {
      const support = await connectPeer({ service: server.ws, domain: 'example.org', username: 'support', password: 'secret' });
      const visitor = await connectPeer({ service: server.ws, domain: 'guest.example.org' });
      await visitor.say('support@example.org', 'hello');
      const { attrs } = await support.message(stanza => stanza.getChildText('body') === 'hello');
      await support.say(attrs['from'] ?? '', 'welcome');
      await visitor.message(stanza => stanza.getChildText('body') === 'welcome');
      assert.deepEqual((await support.archive()).map(({ body }) => body), ['hello', 'welcome']);
      await visitor.stop();
      await support.stop();
    });

    it('offers to go on with a broken session, and carbons', async () => {
      const support = await connectPeer({ service: server.ws, domain: 'example.org', username: 'support', password: 'secret' });
      assert.ok(support.resumable);
      assert.ok((await support.features('example.org')).includes('urn:xmpp:carbons:2'));
      assert.ok((await support.features('support@example.org')).includes('urn:xmpp:mam:2'));
      await support.stop();
    });

    it('answers pages of every origin over BOSH', async () => {
      const origin = 'https://shop.example';
      for (const domain of ['example.org', 'guest.example.org']) {
        const body = `<body xmlns="http://jabber.org/protocol/httpbind" rid="7" to="${domain}" wait="5" hold="1" ver="1.6" xml:lang="en" xmpp:version="1.0" xmlns:xmpp="urn:xmpp:xbosh"/>`;
        const answer = await fetch(server.bosh, { method: 'POST', body, headers: { origin, 'content-type': 'text/plain; charset=utf-8' } });
        assert.ok(['*', origin].includes(answer.headers.get('access-control-allow-origin') ?? ''));
        const text = await answer.text();
        assert.match(text, /sid=/u);
        assert.match(text, domain === 'example.org' ? /SCRAM-SHA-/u : /ANONYMOUS/u);
      }
    });
  });
}

describe('host-meta', () => {
  const both = [{ url: 'wss://example.org/xmpp-websocket', transport: 'websocket' }, { url: 'https://example.org/http-bind', transport: 'bosh' }];

  it('as given for servers that write none is what Stoa reads', () => {
    assert.deepEqual(readHostMeta(given('host-meta.json'), 'json', false), both);
    assert.deepEqual(readHostMeta(given('host-meta'), 'xml', false), both);
  });

  it('is written by ejabberd itself, for pages of every origin', async () => {
    const server = await startEjabberd({ write: ejabberd });
    try {
      // Node’s own fetch does not let a host be named.
      const { request } = await import('node:http');
      for (const [file, form] of [['host-meta.json', 'json'], ['host-meta', 'xml']] as const) {
        const [source, origin] = await new Promise<readonly [string, string | undefined]>((resolve, reject) => {
          request({ port: server.port, host: '127.0.0.1', path: `/.well-known/${file}`, headers: { host: 'example.org' } }, response => {
            let text = '';
            response.setEncoding('utf8').on('data', (data: string) => (text += data)).on('end', () => resolve([text, response.headers['access-control-allow-origin']]));
          }).on('error', reject).end();
        });
        assert.equal(origin, '*');
        assert.deepEqual(readHostMeta(source, form, false), both);
      }
    } finally {
      await server.stop();
    }
  });
});

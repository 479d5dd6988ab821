/** doap.xml names the XEPs that the code speaks, no more and no fewer. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { root } from '../scripts/lib/root.mjs';

const doap = readFileSync(join(root, 'doap.xml'), 'utf8');
const claims = [...doap.matchAll(/<xmpp:SupportedXep>(.*?)<\/xmpp:SupportedXep>/gsu)].map(([, text = '']) => ({
  number: /xep-(\d{4})\.html/u.exec(text)?.[1] ?? '',
  status: /<xmpp:status>(.*?)<\/xmpp:status>/u.exec(text)?.[1] ?? '',
  version: /<xmpp:version>(.*?)<\/xmpp:version>/u.exec(text)?.[1] ?? '',
  note: /<xmpp:note>(.*?)<\/xmpp:note>/u.exec(text)?.[1] ?? '',
}));

/** XEPs whose words have a file of their own: NNNN-name.ts. */
const spoken = readdirSync(join(root, 'src/xmpp/xep')).flatMap(name => /^(\d{4})-/u.exec(name)?.[1] ?? []);

/** Every name in the source that looks like a namespace, with the XEP that gives it; the ones of RFCs have none. */
const namespaces: Readonly<Record<string, string>> = {
  'http://jabber.org/protocol/disco#info': '0030',
  'http://jabber.org/protocol/disco#items': '0030',
  'http://jabber.org/protocol/chatstates': '0085',
  'http://jabber.org/protocol/caps': '0115',
  'urn:xmpp:alt-connections:websocket': '0156',
  'urn:xmpp:alt-connections:xbosh': '0156',
  'urn:xmpp:receipts': '0184',
  'urn:xmpp:sm:3': '0198',
  'http://jabber.org/protocol/httpbind': '0124',
  'urn:xmpp:xbosh': '0206',
  'urn:xmpp:ping': '0199',
  'urn:xmpp:delay': '0203',
  'urn:xmpp:carbons:2': '0280',
  'urn:xmpp:forward:0': '0297',
  'urn:xmpp:hints': '0334',
  'urn:xmpp:csi:0': '0352',
  'urn:xmpp:sid:0': '0359',
  'urn:xmpp:bind:0': '0386',
  'urn:xmpp:sasl:2': '0388',
  'urn:xmpp:sasl-cb:0': '0440',
  'urn:xmpp:fast:0': '0484',
};
const OF_RFCS = /^(jabber:(client|iq:roster)|urn:ietf:params:xml:ns:.*|http:\/\/etherx\.jabber\.org\/streams|http:\/\/www\.w3\.org\/.*)$/u;

/** The namespaces that the source holds as texts, with the files that do. */
const said = (): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))) {
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && /^(urn:|jabber:|https?:\/\/(etherx\.)?jabber\.org\/)/u.test(node.text)) found.set(node.text, name);
      node.forEachChild(visit);
    };
    visit(ts.createSourceFile(name, readFileSync(join(root, 'src', name), 'utf8'), ts.ScriptTarget.Latest));
  }
  return found;
};

describe('doap.xml', () => {
  it('says of each XEP once how far and in which version', () => {
    assert.ok(claims.length > 5);
    assert.equal(new Set(claims.map(({ number }) => number)).size, claims.length);
    for (const { number, status, version, note } of claims) {
      assert.match(number, /^\d{4}$/u);
      assert.match(version, /^\d+\.\d+(\.\d+)?$/u, number);
      assert.match(status, /^(complete|partial)$/u, number);
      assert.ok(status === 'complete' || note, `XEP-${number} is partial: what is left out?`);
    }
  });

  it('names every XEP that has a file of words', () => {
    const claimed = claims.map(({ number }) => number);
    assert.deepEqual(spoken.filter(number => !claimed.includes(number)), []);
  });

  it('names the XEPs of exactly the namespaces that the source speaks', () => {
    const speaks = new Set<string>();
    for (const [namespace, file] of said()) {
      if (OF_RFCS.test(namespace)) continue;
      const number = namespaces[namespace];
      assert.ok(number, `${file} speaks ${namespace}: which XEP is that?`);
      speaks.add(number);
    }
    // Some have no namespace of their own, but a file of words.
    assert.deepEqual(claims.map(({ number }) => number).sort(), [...new Set([...speaks, ...spoken])].sort());
  });
});

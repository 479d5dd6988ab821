// Leaves out of @xmpp what Stoa replaces (src/xmpp/stand-ins.ts takes its place) and what nobody calls.
import { join } from 'node:path';
import { parseAst } from 'rollup/parseAst';
import { root } from './root.mjs';

/** Modules, as @xmpp names them. */
const replaced = ['@xmpp/events', '@xmpp/jid', 'ltx/lib/createElement.js', './lib/Parser.js', './FramedParser.js'];

/** Members of classes and objects, by module; what they alone use goes with them. */
const uncalled = {
  '@xmpp/client-core/lib/Client.js': 'send sendMany header footer connect _findTransport',
  '@xmpp/connection/index.js':
    '_streamError _onElement _onStreamError _onSeeOtherHost _jid _ready start stop send sendReceive isStanza isNonza header footer footerElement socketParameters hook unhook #hooks #hook_events #assertHookEventName #runHooks',
  '@xmpp/websocket/lib/Connection.js': 'send sendMany',
  '@xmpp/websocket/lib/Socket.js': 'connect write end',
  '@xmpp/xml/index.js': 'createElement escapeXML unescapeXML escapeXMLText unescapeXMLText XMLError xml',
  'ltx/src/Element.js':
    'is getName getNS findNS getXmlns getAttr getChild getChildren getChildByAttr getChildrenByAttr getChildrenByFilter getText getChildText getChildElements root up c cnode prepend t remove text attr toString _addChildren write',
};

/** Statements that call what is left out, or note what nobody reads, by module. */
const idle = {
  '@xmpp/client-core/lib/Client.js': ['this.transports = [];'],
  '@xmpp/connection/index.js': ['await this.#runHooks("close");'],
  '@xmpp/websocket/lib/Socket.js': ['error.errno = CODE;', 'error.code = CODE;', 'error.event = event;', 'error.url = url;'],
};

/**
 * Source without the members of these names, and without these statements; what is left stays on its line, so that maps stay true.
 * Throws for what is not there.
 *
 * @param {string} source
 * @param {readonly string[]} names
 * @param {readonly string[]} [statements] as they are written
 */
export function without(source, names, statements = []) {
  const missing = new Set([...names, ...statements]);
  const cuts = [];
  const visit = (node, inside) => {
    const [part, wanted] = node.type === 'ExpressionStatement' ? [node, statements] : [node.key, inside ? [] : names];
    const written = part && source.slice(part.start, part.end);
    if (wanted.includes(written)) {
      missing.delete(written);
      cuts.push(node);
    } else for (const inner of Object.values(node)) if (inner && typeof inner === 'object') visit(inner, inside || /Function/.test(node.type));
  };
  visit(parseAst(source), false);
  if (missing.size > 0) throw new Error(`There is no ${[...missing].join(', ')} to leave out.`);
  return cuts.reverse().reduce((text, { start, end }) => {
    const after = text.slice(end).replace(/^\s*,/, '');
    return text.slice(0, start) + text.slice(start, text.length - after.length).replace(/[^\n]+/g, '') + after;
  }, source);
}

/** For builds and tests alike, before any other resolver. */
export const standIns = () => ({
  name: 'stand-ins',
  resolveId(source, importer = '') {
    if (!/\/node_modules\/(@xmpp|ltx)\//.test(importer)) return undefined;
    if (replaced.includes(source)) return join(root, 'src/xmpp/stand-ins.ts');
    // The modules that its CommonJS is made from.
    return source.startsWith('ltx/lib/') ? this.resolve(source.replace('lib', 'src'), importer) : undefined;
  },
  transform(code, id) {
    const [module, members] = Object.entries(uncalled).find(([name]) => id.endsWith(`/node_modules/${name}`)) ?? [];
    return members && { code: without(code, members.split(' '), idle[module]), map: null };
  },
});

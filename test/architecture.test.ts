/** The imports point downward, nobody passes a door, and the nevers of ARCHITECTURE.md hold; each rule is shown to fail where it should. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { root } from '../scripts/lib/root.mjs';
import { houseOf, readHouse } from './support/house.js';
import * as rules from './support/house-rules.js';
import type { Rule } from './support/house-rules.js';

const house = readHouse(root);

/** A rule, and small houses that break it: each path with its text, after what the rule must say about it. */
interface Case {
  readonly says: string;
  readonly rule: Rule;
  readonly broken: readonly (readonly [string, Readonly<Record<string, string>>])[];
  /** Houses that look like it and are fine. */
  readonly fine?: readonly Readonly<Record<string, string>>[];
}

const cases: readonly Case[] = [
  {
    says: 'floors import only downward, types too',
    rule: rules.floorsPointDown,
    broken: [
      ['looks up to src/xmpp/session.ts', { 'src/base/a.ts': "import type { Session } from '../xmpp/session.js';" }],
      ['looks up to src/components/view.ts', { 'src/core.ts': "export { View } from './components/view.js';" }],
      ['looks up to src/model/model.ts', { 'src/store/a.ts': "export const load = () => import('../model/model.js');" }],
      ['looks up to src/index.ts', { 'src/app/a.ts': "type Door = import('../index.js').Door;" }],
      ['“attic” is no floor of the plan', { 'src/attic/a.ts': '' }],
    ],
    fine: [{ 'src/model/a.ts': "import { b } from './b.js'; import { c } from '../base/c.js';" }],
  },
  {
    says: 'every import leads somewhere',
    rule: rules.importsExist,
    broken: [['imports src/base/gone.ts, which does not exist', { 'src/base/a.ts': "import './gone.js';" }]],
    fine: [{ 'src/base/a.ts': "import './b.js'; import type { C } from './c.js';", 'src/base/b.ts': '', 'src/base/c.d.ts': '' }],
  },
  {
    says: 'no imports run in a circle',
    rule: rules.noCircles,
    broken: [
      ['is part of a circle src/base/a.ts → src/base/b.ts → src/base/a.ts', { 'src/base/a.ts': "import './b.js';", 'src/base/b.ts': "export * from './a.js';" }],
      ['is part of a circle src/base/a.ts → src/base/a.ts', { 'src/base/a.ts': "import './a.js';" }],
    ],
    fine: [{ 'src/base/a.ts': "import './b.js'; import './c.js';", 'src/base/b.ts': "import './c.js';", 'src/base/c.ts': "import type { A } from './a.js';" }],
  },
  {
    says: 'nothing below the screen knows Lit, document or window',
    rule: rules.noScreenBelow,
    broken: [
      ['imports lit/decorators.js without being the screen', { 'src/features/a.ts': "import { property } from 'lit/decorators.js';" }],
      ['touches document', { 'src/xmpp/a.ts': 'export const a = () => document.title;' }],
      ['touches window', { 'src/base/a.ts': 'export const a = typeof window;' }],
      ['touches globalThis.document', { 'src/core.ts': 'export const a = globalThis.document;' }],
    ],
    fine: [{ 'src/base/a.ts': 'export const a = (b: { window: number }) => b.window; // window' }, { 'src/components/a.ts': "import { html } from 'lit'; export const a = () => [html, document];" }],
  },
  {
    says: 'src knows of plugins only that there is a manifest',
    rule: rules.sourceKnowsNoPlugins,
    broken: [
      ['imports the plugin file plugins/muc/index.ts', { 'src/index.ts': "import '../plugins/muc/index.js';" }],
      ['imports the plugin file plugins/manifest.ts', { 'src/core.ts': "import '../plugins/manifest.js';" }],
    ],
    fine: [{ 'src/index.ts': "import { manifest } from '../plugins/manifest.js';" }],
  },
  {
    says: 'the manifest loads nothing by itself',
    rule: rules.manifestOnlyPoints,
    broken: [['loads plugins/muc/index.ts at once instead of by import()', { 'plugins/manifest.ts': "import { muc } from './muc/index.js';" }]],
    fine: [{ 'plugins/manifest.ts': "import type { Entry } from './contracts.js'; export const a = { load: () => import('./muc/index.js') };" }],
  },
  {
    says: 'a plugin sees the doors, its own files and the contracts',
    rule: rules.pluginsSeeTheDoors,
    broken: [
      ['reaches plugins/mam/index.ts, which is neither a door nor its own', { 'plugins/muc/a.ts': "import '../mam/index.js';" }],
      ['reaches src/base/jid.ts, which is neither a door nor its own', { 'plugins/muc/ui/a.ts': "import type { Jid } from '../../../src/base/jid.js';" }],
      ['uses the screen’s door outside of its ui folder', { 'plugins/muc/a.ts': "import { html } from '../../src/api-ui.js';" }],
    ],
    fine: [{ 'plugins/muc/a.ts': "import '../../src/api.js'; import './b.js'; import type { A } from '../contracts.js';", 'plugins/muc/ui/a.ts': "import '../../../src/api-ui.js';" }],
  },
  {
    says: 'components ask the model, not the floors below it',
    rule: rules.componentsAskTheModel,
    broken: [['reaches src/store/store.ts, past the model', { 'src/components/a.ts': "import type { Store } from '../store/store.js';" }]],
    fine: [{ 'src/components/a.ts': "import type { Chat } from '../app/chat.js';" }],
  },
  {
    says: 'each foreign library has one door',
    rule: rules.foreignLibrariesHaveADoor,
    broken: [
      ['imports @xmpp/xml, whose only door is src/xmpp/vendor', { 'src/xmpp/session.ts': "import '@xmpp/xml';" }],
      ['imports @preact/signals-core, whose only door is src/base/signal', { 'src/base/slot.ts': "import '@preact/signals-core';" }],
      ['imports lit, whose only door is the screen (src/components, src/api-ui)', { 'plugins/muc/ui/a.ts': "import 'lit';" }],
      ['imports left-pad, which is not among what we stand on', { 'src/base/a.ts': "import 'left-pad';" }],
    ],
    fine: [{ 'src/xmpp/vendor.ts': "export * from '@xmpp/xml';", 'src/base/signal.ts': "export * from '@preact/signals-core';" }],
  },
  {
    says: 'the core never says the name of a plugin, nor asks whether a conversation is a room',
    rule: rules.coreNamesNoPlugin,
    broken: [
      ['says “isRoom”: ask the conversation’s kind, or offer a slot', { 'src/model/a.ts': 'export const isRoom = () => false;' }],
      ['says “urn:xmpp:mam:2”: ask the conversation’s kind, or offer a slot', { 'src/xmpp/a.ts': "export const NS = 'urn:xmpp:mam:2';" }],
      ['says “MUCJoin”: ask the conversation’s kind, or offer a slot', { 'src/xmpp/a.ts': 'export type MUCJoin = string;' }],
      ['says “room”: ask the conversation’s kind, or offer a slot', { 'src/components/a.ts': "export const a = (kind: string) => kind === 'room';" }],
      ['says “upload”: ask the conversation’s kind, or offer a slot', { 'src/app/a.ts': "export const wanted = ['upload'] as const;" }],
    ],
    fine: [{ 'src/model/a.ts': "/** Rooms (MUC) and MAM are plugins. */ export const upload = (mammal: string) => 'There is no room left. ' + mammal + 'room-left';" }],
  },
  {
    says: 'the message type of rooms is known to the wire alone',
    rule: rules.groupchatIsTheWiresWord,
    broken: [['says “groupchat”: ask the conversation’s kind', { 'src/model/a.ts': "export const a = (type: string) => type === 'groupchat';" }]],
    fine: [{ 'src/xmpp/a.ts': "export const a = 'groupchat';", 'src/features/carbons.ts': "export const a = 'groupchat';" }],
  },
  {
    says: 'nothing that changes hangs on a module',
    rule: rules.nothingHangsOnModules,
    broken: [
      ['keeps state in the module: “count” can be set anew', { 'src/base/a.ts': 'let count = 0; export const next = () => ++count;' }],
      ['keeps state in the module: “seen” is a Map', { 'src/base/a.ts': 'const seen = new Map<string, string>();' }],
      ['keeps state in the module: “list” is an array that is not readonly', { 'src/base/a.ts': 'export const list: string[] = [];' }],
      ['keeps state in the module: “now” is a signal', { 'src/base/a.ts': 'export const now = signal(0);' }],
      ['keeps state in a class: static “all”', { 'src/base/a.ts': 'export class A { static all = 0; }' }],
    ],
    fine: [{ 'src/base/a.ts': "const names: readonly string[] = ['a']; const set: ReadonlySet<string> = new Set(names); const pair = ['a'] as const; export const f = () => { let a = 0; const m = new Map(); return [a++, m, set, pair]; }; export class A { static readonly b = 1; #c = new Map(); }" }],
  },
  {
    says: 'no text becomes HTML or code',
    rule: rules.textStaysText,
    broken: [
      ['uses innerHTML: no path leads from text to HTML', { 'src/components/a.ts': 'export const a = (b: Element) => (b.innerHTML = "");' }],
      ['uses unsafeHTML: no path leads from text to HTML', { 'plugins/muc/ui/a.ts': "import { unsafeHTML } from 'lit/directives/unsafe-html.js';" }],
      ['uses eval', { 'src/base/a.ts': "eval('1');" }],
      ['makes code from text', { 'src/base/a.ts': "new Function('1');" }],
    ],
  },
  {
    says: 'no inline style and no inline handler',
    rule: rules.noInlineStyle,
    broken: [
      ['has an inline style or handler in a template', { 'src/components/a.ts': 'html`<p style="color: red"></p>`;' }],
      ['has an inline style or handler in a template', { 'src/components/a.ts': 'html`<p onclick="go()"></p>`;' }],
      ['has an inline style or handler in a template', { 'src/components/a.ts': 'html`<style>p {}</style>`;' }],
      ['sets a style attribute', { 'src/components/a.ts': "export const a = (b: Element) => b.setAttribute('style', '');" }],
    ],
    fine: [{ 'src/components/a.ts': 'html`<p class="style" @click=${a}>style = x</p>`; css`p { color: red }`;' }],
  },
  {
    says: 'only <stoa-chat> has a shadow root',
    rule: rules.oneShadowRoot,
    broken: [
      ['has a shadow root of its own in the class “View”', { 'src/components/a.ts': 'export class View extends observing(LitElement) { render() {} }' }],
      ['attaches a shadow root', { 'src/components/a.ts': 'export class View extends HTMLElement { root = this.attachShadow({ mode: "open" }); }' }],
    ],
    fine: [{ 'src/components/chat-element.ts': 'export class ChatElement extends Part { createRenderRoot() { return this.attachShadow({ mode: "open" }); } }', 'src/components/inner.ts': 'export class Inner extends LitElement { override createRenderRoot() { return this; } } export class View extends Inner {}' }],
  },
  {
    says: 'each file opens with why it exists',
    rule: rules.filesSayWhy,
    broken: [['does not open with a sentence (/** … */) that says why it exists', { 'src/base/a.ts': "import './b.js';" }]],
    fine: [{ 'src/base/a.ts': '/** Says why. */' }],
  },
  {
    says: 'the tag pulls in nothing but itself and the ground',
    rule: rules.theTagIsAlone,
    broken: [
      ['pulls in src/app/config.ts', { 'src/embed.ts': "import { readOptions } from './app/config.js';" }],
      ['pulls in lit', { 'src/embed.ts': "import './base/a.js';", 'src/base/a.ts': "import 'lit';" }],
    ],
    fine: [{ 'src/embed.ts': "import type { Chat } from './app/chat.js'; import './base/log.js';" }],
  },
];

describe('the rules of the house', () => {
  for (const { says, rule, broken, fine = [] } of cases) {
    it(says, () => {
      assert.equal(rule(house).join('\n'), '');
    });
    it(`would notice it otherwise: ${says}`, () => {
      for (const [sentence, texts] of broken) assert.ok(rule(houseOf(texts)).some(violation => violation.endsWith(`: ${sentence}`)), `“${sentence}” was expected of ${JSON.stringify(texts)}, but it says ${JSON.stringify(rule(houseOf(texts)))}`);
      for (const texts of fine) assert.deepEqual(rule(houseOf(texts)), []);
    });
  }

  it('every rule is applied', () => {
    assert.deepEqual(new Set(cases.map(({ rule }) => rule)), new Set(Object.values(rules).filter(value => typeof value === 'function')));
  });

  it('has read the whole house', () => {
    for (const path of ['src/core.ts', 'src/base/jid.ts', 'src/model/model.ts', 'src/app/chat.ts', 'src/features/carbons.ts', 'src/components/observe.ts']) assert.ok(house.has(path), `${path} was not read`);
  });
});

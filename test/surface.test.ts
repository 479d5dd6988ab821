/** What each door gives out, by name: a name that comes or goes is a decision, and this list is where it is made. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { root } from '../scripts/lib/root.mjs';

interface Surface {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

const doors: Readonly<Record<string, Surface>> = {
  index: {
    values: ['createChat', 'optionTable'],
    types: ['ChatOptions', 'OptionName', 'OptionsInput', 'PageChat', 'PageEvents', 'Plugin', 'PluginState', 'StoaChatElement'],
  },
  core: {
    values: ['ChatError', 'consoleSink', 'createCore', 'createLog', 'optionTable', 'readOptions'],
    types: ['Chat', 'ChatEvents', 'Conversation', 'CoreParts', 'DeliveryState', 'Environment', 'Log', 'Message', 'Model', 'OptionName', 'Options', 'OptionsInput', 'Plugins', 'Problem', 'SignInState', 'Status', 'Timeline'],
  },
  api: {
    values: ['ChatError', 'NS', 'SELF', 'StanzaError', 'attr', 'bareJid', 'batch', 'chatStates', 'child', 'children', 'computed', 'conversationKinds', 'definePlugin', 'defineService', 'defineSlot', 'discoFeatures', 'effect', 'inbound', 'is', 'outbound', 'parseJid', 'parseXml', 'randomId', 'serialize', 'signal', 'stanzaHandlers', 'text', 'untracked', 'xml'],
    types: ['Addressed', 'ArchiveId', 'ChatEvents', 'ChatStates', 'Claim', 'Contact', 'Conversation', 'ConversationKind', 'DeliveryError', 'DeliveryState', 'Disposable', 'InboundAnswer', 'InboundDraft', 'InboundStep', 'Jid', 'Message', 'MessageUpdate', 'Model', 'Origin', 'OutboundDraft', 'OutboundStep', 'Plugin', 'PluginContext', 'PluginState', 'PluginStorage', 'Presence', 'ReadonlySignal', 'Routed', 'Service', 'Session', 'SettingDefaults', 'SettingValue', 'Settings', 'Signal', 'Slot', 'StanzaHandler', 'Timeline', 'UiModule', 'XmlElement'],
  },
  'api-ui': {
    values: ['LitElement', 'banners', 'bodyRenderers', 'composerActions', 'css', 'headerActions', 'html', 'messageActions', 'messageDecorations', 'nothing', 'observing', 'sidebarPanels', 'svg'],
    types: ['CSSResult', 'TemplateResult', 'UiContribution'],
  },
};

const surfaces = (): ReadonlyMap<string, Surface> => {
  const files = Object.keys(doors).map(name => join(root, 'src', `${name}.ts`));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.types.json'), path => ts.sys.readFile(path)) as { readonly config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  return new Map(
    Object.keys(doors).map((name, index) => {
      const source = program.getSourceFile(files[index] ?? '');
      const symbol = source && checker.getSymbolAtLocation(source);
      const values: string[] = [];
      const types: string[] = [];
      for (const each of symbol ? checker.getExportsOfModule(symbol) : []) {
        const target = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
        const onlyType = each.declarations?.some(declaration => ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly)) ?? false;
        (target.flags & ts.SymbolFlags.Value && !onlyType ? values : types).push(each.name);
      }
      return [name, { values: values.sort(), types: types.sort() }];
    }),
  );
};

describe('the doors', () => {
  const found = surfaces();
  for (const [name, { values, types }] of Object.entries(doors)) {
    it(`${name} gives out these values and no others`, () => {
      assert.deepEqual(found.get(name)?.values, values);
    });
    it(`${name} gives out these types and no others`, () => {
      assert.deepEqual(found.get(name)?.types, types);
    });
  }
});

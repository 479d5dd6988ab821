/** When a part of the chat does not come: one sentence in the console, a way to go on for the person, and no dead button. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { loadedBy } from '../../scripts/lib/loads.mjs';
import { root } from '../../scripts/lib/root.mjs';
import { chatIn } from '../support/chat.js';
import { page, startWorld, type World } from '../support/world.js';

const ours = (complaints: readonly string[]): readonly string[] => complaints.filter(text => text.startsWith('[stoa'));

describe('a part that does not come', () => {
  let world: World;
  let folder: string;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stoa-dist-'));
    cpSync(join(root, 'dist'), folder, { recursive: true });
  });

  const open = async (cors: boolean, name: string) => {
    const site = await world.anotherSite({ folders: { '/chat/': folder }, cors });
    const tab = await (await world.newProfile()).newTab();
    await tab.open(world.serve(`/${name}`, page(world.tag().replace('/dist/stoa.js', `${site.url}/chat/stoa.js`))));
    return { tab, chat: chatIn(tab), site };
  };
  /** A chunk that the app needs from its start. */
  const needed = (): string => loadedBy(['index.js']).loaded.find(path => path.startsWith('chunks/')) ?? '';

  it('a chunk that is gone after an upgrade is told in one sentence, and a second click that finds it opens the chat', async () => {
    const { tab, chat } = await open(true, 'gone');
    const path = join(folder, needed());
    renameSync(path, `${path}.away`);
    await chat.click('[part=launcher]');
    await chat.until('the offer', ({ launcher }) => launcher === 'The chat could not be loaded. Try again');
    assert.equal(ours(tab.complaints).length, 1, tab.complaints.join('\n'));
    assert.match(ours(tab.complaints)[0] ?? '', /was not loaded: .*upgraded while this page was open \(reload the page\)/u);
    renameSync(`${path}.away`, path);
    await tab.reload();
    await chat.open();
    rmSync(folder, { recursive: true });
  });

  it('a second failure offers to load the page anew, and does so', async () => {
    const { tab, chat } = await open(true, 'gone-for-good');
    for (const name of readdirSync(join(folder, 'chunks'))) rmSync(join(folder, 'chunks', name));
    await chat.click('[part=launcher]');
    await chat.until('the first offer', ({ launcher }) => launcher === 'The chat could not be loaded. Try again');
    await chat.click('[part=launcher]');
    await chat.until('the second offer', ({ launcher }) => launcher === 'The chat could not be loaded. Reload the page');
    await tab.run(() => void ((window as { marked?: boolean }).marked = true));
    await chat.click('[part=launcher]');
    await tab.until('a new page', () => !(window as { marked?: boolean }).marked && document.readyState === 'complete');
    await chat.until('the launcher', ({ launcher }) => launcher === 'Open chat');
    rmSync(folder, { recursive: true });
  });

  it('an app that is refused for lack of CORS says which header is missing', async () => {
    const { tab, chat } = await open(false, 'cors');
    await chat.click('[part=launcher]');
    await chat.until('the offer', ({ launcher }) => launcher === 'The chat could not be loaded. Try again');
    assert.equal(ours(tab.complaints).length, 1, tab.complaints.join('\n'));
    assert.match(ours(tab.complaints)[0] ?? '', /does not send Access-Control-Allow-Origin/u);
    rmSync(folder, { recursive: true });
  });
});

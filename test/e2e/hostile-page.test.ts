/** A page whose styles and scripts are hostile by intent or by accident: the chat looks and works as anywhere. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chatIn } from '../support/chat.js';
import { page, startWorld, type World } from '../support/world.js';

describe('a hostile page', () => {
  let world: World;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());

  it('changes neither look nor work by its styles and its prototypes', async () => {
    const tab = await (await world.newProfile()).newTab();
    const hostile = `<style>
      html { font-size: 62.5%; } body { line-height: 5; letter-spacing: 1em; text-transform: uppercase; text-align: right; color: #f0f; visibility: visible; cursor: none; }
      * { box-sizing: content-box !important; } div, button, svg, textarea, article, form { display: none !important; opacity: 0 !important; font: 40px cursive !important; position: static !important; }
      button, textarea, p { margin: 50px !important; transform: rotate(90deg) !important; }
    </style><script>
      for (const [name, value] of Object.entries({ mode: 'page', to: 'mallory@example.org', domain: 'example.org', service: 'ws://localhost:1/', theme: 'contrast', label: 'Polluted', auth: 'password', storage: 'none', locale: 'ar', extend: () => undefined }))
        Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true, enumerable: true });
      Array.prototype.last = function () { return this[this.length - 1]; };
    </script>`;
    await tab.open(world.serve('/hostile', page(world.tag(), hostile)));
    const chat = chatIn(tab);
    const { launcher } = await chat.look();
    assert.equal(launcher, 'Open chat');
    await chat.open();
    await chat.write('Undisturbed');
    await chat.message('Undisturbed', 'sent', 'delivered');
    const style = await tab.run(() => {
      const text = document.querySelector('stoa-chat')?.shadowRoot?.querySelector('article .text');
      if (!text) return undefined;
      const { textTransform, letterSpacing, fontSize, opacity, display } = getComputedStyle(text);
      return { textTransform, letterSpacing, fontSize, opacity, display };
    });
    assert.deepEqual(style, { textTransform: 'none', letterSpacing: 'normal', fontSize: '15px', opacity: '1', display: 'block' });
    assert.deepEqual(tab.complaints, []);
  });
});

import { expect, waitUntil } from '@open-wc/testing';
import { html } from 'lit/html.js';
import { signal } from '../../src/base/signal.js';
import { define } from '../../src/components/define.js';
import { DRAWING_FAILED, Part, type Companion } from '../../src/components/part.js';

const count = signal(1);
const extra = signal('');

class Sample extends Part {
  declare name: string;
  drawings = 0;
  heard: string[] = [];
  fails = false;

  protected override willUpdate(changed: ReadonlySet<PropertyKey>): void {
    this.heard.push([...changed].join(' '));
  }

  protected override render(): unknown {
    this.drawings += 1;
    if (this.fails) throw new Error('This drawing fails.');
    return html`<p>${this.name}: ${count.value}</p>`;
  }

  protected override updated(): void {
    this.title = extra.value;
  }
}
define('stoa-sample', Sample, 'name');

class Fragile extends Part {
  protected override render(): unknown {
    if (count.value < 0) throw new Error('Less than nothing.');
    return html`${count.value}`;
  }
}
define('stoa-fragile', Fragile);

describe('a part', () => {
  let part: Sample;
  beforeEach(async () => {
    count.value = 1;
    extra.value = '';
    part = new Sample();
    part.name = 'Ann';
    document.body.append(part);
    await part.updateComplete;
  });
  afterEach(() => part.remove());

  it('draws into itself, once for several changes, and knows what changed', async () => {
    expect([part.textContent, part.shadowRoot, part.drawings]).to.deep.equal(['Ann: 1', null, 1]);
    part.name = 'Bob';
    part.name = 'Cem';
    count.value = 2;
    await part.updateComplete;
    expect([part.textContent, part.drawings]).to.deep.equal(['Cem: 2', 2]);
    expect(part.heard).to.deep.equal(['name', 'name']);
  });

  it('draws nothing anew for a property that stays what it is', async () => {
    part.name = 'Ann';
    await part.updateComplete;
    expect(part.drawings).to.equal(1);
  });

  it('watches the signals of its last drawing, also those that are read after it', async () => {
    extra.value = 'More';
    await waitUntil(() => part.title === 'More');
    expect(part.drawings).to.equal(2);
  });

  it('draws nothing while it is out of the page, and everything when it comes back', async () => {
    part.remove();
    count.value = 3;
    part.name = 'Dee';
    await part.updateComplete;
    expect([part.textContent, part.drawings]).to.deep.equal(['Ann: 1', 1]);
    document.body.append(part);
    await part.updateComplete;
    expect([part.textContent, part.drawings]).to.deep.equal(['Dee: 3', 2]);
  });

  it('watches nothing if it leaves the page before it is drawn', async () => {
    part.name = 'Eve';
    part.remove();
    await part.updateComplete;
    count.value = 4;
    await part.updateComplete;
    expect(part.drawings).to.equal(1);
  });

  it('whose drawing fails tells who takes it, and nothing is thrown at the page', async () => {
    const taken: unknown[] = [];
    const take = (event: Event): void => {
      event.preventDefault();
      taken.push((event as CustomEvent).detail);
    };
    document.body.addEventListener(DRAWING_FAILED, take);
    part.fails = true;
    count.value = 2;
    await part.updateComplete;
    document.body.removeEventListener(DRAWING_FAILED, take);
    expect(taken.map(String)).to.deep.equal(['Error: This drawing fails.']);
    expect(part.textContent, 'what was drawn stays').to.equal('Ann: 1');
  });

  it('whose drawing failed is drawn anew by the next change of a property', async () => {
    part.fails = true;
    part.requestUpdate();
    const failed = await part.updateComplete.then(() => 'drawn', (error: unknown) => String(error));
    expect(failed, 'nobody took it').to.equal('Error: This drawing fails.');
    part.fails = false;
    part.name = 'Fay';
    await part.updateComplete;
    expect(part.textContent).to.equal('Fay: 1');
  });

  it('whose drawing failed after it had read a signal is drawn anew when that changes', async () => {
    const fragile = new Fragile();
    fragile.addEventListener(DRAWING_FAILED, event => event.preventDefault());
    count.value = -1;
    document.body.append(fragile);
    await fragile.updateComplete;
    count.value = 5;
    await fragile.updateComplete;
    expect(fragile.textContent).to.equal('5');
    fragile.remove();
  });

  it('takes its companions with it', async () => {
    const life: string[] = [];
    const companion: Companion = { hostConnected: () => life.push('in'), hostUpdated: () => life.push('drawn'), hostDisconnected: () => life.push('out') };
    const other = new Sample();
    other.addCompanion(companion);
    document.body.append(other);
    await other.updateComplete;
    other.remove();
    expect(life).to.deep.equal(['in', 'drawn', 'out']);
  });
});

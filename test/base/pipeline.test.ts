import { expect } from '@open-wc/testing';
import { runPipeline } from '../../src/base/pipeline.js';

describe('pipeline', () => {
  const phases = ['open', 'read'] as const;
  type Phase = (typeof phases)[number];
  const step = (owner: string, phase: Phase, run: (draft: string[]) => 'drop' | undefined) => ({ owner, value: { phase, run } });

  it('runs by phase, not by the order of adding', async () => {
    const draft: string[] = [];
    await runPipeline(phases, [step('late', 'read', d => void d.push('read')), step('early', 'open', d => void d.push('open'))] as never, draft);
    expect(draft).to.deep.equal(['open', 'read']);
  });

  it('stops at an answer and says whose it was', async () => {
    const draft: string[] = [];
    const halt = await runPipeline(phases, [step('guard', 'open', () => 'drop'), step('reader', 'read', d => void d.push('read'))] as never, draft);
    expect(halt).to.deep.equal({ kind: 'answer', owner: 'guard', answer: 'drop' });
    expect(draft).to.deep.equal([]);
  });

  it('tells which step threw', async () => {
    const broken = new Error('broken');
    const halt = await runPipeline(phases, [step('bad', 'open', () => { throw broken; })] as never, []);
    expect(halt).to.deep.equal({ kind: 'error', owner: 'bad', error: broken });
  });
});

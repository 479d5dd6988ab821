/** A short taste of chaos on each server and over each transport; `npm run chaos` has more of it, `npm run test:long` all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mendable } from '../chaos/plan.js';
import { commandOf, describeResult, runChaos, type ChaosOptions } from '../chaos/run.js';

const mended = { messages: 100, rate: 10, faults: mendable } as const;
const hard = { messages: 50, rate: 5, faults: ['cut', 'restart', 'expire'] } as const;

const prove = async (options: ChaosOptions): Promise<void> => {
  const result = await runChaos(options);
  assert.deepEqual(result.wrong, [], `${describeResult(result)}\n${result.complaints.join('\n')}\nAgain by: ${commandOf(options)}`);
};

describe('chaos', () => {
  describe('that a resumption mends: nothing is lost, doubled or out of order', () => {
    it('Prosody, WebSocket, an account', () => prove({ ...mended, server: 'prosody', transport: 'websocket', who: 'account', seed: '1' }));
    it('ejabberd, WebSocket, an account', () => prove({ ...mended, server: 'ejabberd', transport: 'websocket', who: 'account', seed: '2' }));
    it('Prosody, BOSH, a visitor', () => prove({ ...mended, server: 'prosody', transport: 'bosh', who: 'visitor', seed: '3' }));
    it('ejabberd, BOSH, an account', () => prove({ ...mended, server: 'ejabberd', transport: 'bosh', who: 'account', seed: '4' }));
  });

  describe('that nothing mends: nothing is doubled, and what nobody knows of is shown as unconfirmed', () => {
    it('Prosody, WebSocket, an account', () => prove({ ...hard, server: 'prosody', transport: 'websocket', who: 'account', seed: '5' }));
    it('ejabberd, BOSH, a visitor', () => prove({ ...hard, server: 'ejabberd', transport: 'bosh', who: 'visitor', seed: '6' }));
  });
});

/** Every test file is run by exactly one runner: none is forgotten. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allTests, isBrowserTest, isEndToEndTest, isNodeTest, isServersTest } from '../scripts/lib/test-files.mjs';

describe('the test files', () => {
  it('are each run by one runner', () => {
    const runners = [isBrowserTest, isNodeTest, isServersTest, (path: string) => isEndToEndTest(path, 'chromium')];
    for (const path of allTests()) assert.equal(runners.filter(runs => runs(path)).length, 1, path);
  });

  it('are all there', () => {
    for (const path of ['test/architecture.test.ts', 'test/base/jid.test.ts', 'test/e2e/conversation.test.ts']) assert.ok(allTests().includes(path), path);
  });
});

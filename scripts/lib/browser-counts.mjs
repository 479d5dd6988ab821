// A reporter of the browser tests that counts: a test file in which nothing ran is a failure, too.
import { tellCounts } from './counts.mjs';

const flatten = ({ tests = [], suites = [] } = {}) => [...tests, ...suites.flatMap(flatten)];

export const countingReporter = () => ({
  stop({ sessions }) {
    let passed = 0;
    let failed = 0;
    for (const session of sessions) {
      const tests = flatten(session.testResults);
      const good = tests.filter((test) => test.passed && !test.skipped).length;
      passed += good;
      failed += tests.length - good;
      // A page that did not load, threw outside of a test or held no test at all has no failed test to show for it.
      if (tests.length === 0) console.error(`${session.testFile} ran no test.`);
      if (good === tests.length && (tests.length === 0 || !session.passed)) failed += 1;
    }
    tellCounts(passed, failed);
    if (failed > 0) process.exitCode = 1;
  },
});

// A reporter of the browser tests that counts: a test file in which nothing ran is a failure, too.
import { tellCounts } from './counts.mjs';

const flatten = ({ tests = [], suites = [] } = {}) => [...tests, ...suites.flatMap(flatten)];

export const countingReporter = () => ({
  stop({ sessions }) {
    let passed = 0;
    let failed = 0;
    for (const session of sessions) {
      const tests = flatten(session.testResults);
      const skipped = tests.filter((test) => test.skipped);
      const good = tests.filter((test) => test.passed && !test.skipped).length;
      // What a browser cannot do is left out only where there is no better one; elsewhere a test that is switched off has not passed.
      const left = process.env.BROWSER === 'webkit' ? skipped.length : 0;
      if (left > 0) console.log(`Not to be had in this browser: ${skipped.map(({ name }) => name).join(' · ')}`);
      passed += good;
      failed += tests.length - good - left;
      // A page that did not load, threw outside of a test or held no test at all has no failed test to show for it.
      if (tests.length === 0) console.error(`${session.testFile} ran no test.`);
      if (good + left === tests.length && (tests.length === 0 || !session.passed)) failed += 1;
    }
    tellCounts(passed, failed);
    if (failed > 0) process.exitCode = 1;
  },
});

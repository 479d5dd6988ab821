// Tells the test run how much passed and failed, through the file that it named.
import { writeFileSync } from 'node:fs';

/** Writes the counts where a test run asked for them; a person who started the stage alone has read them already. */
export function tellCounts(passed, failed) {
  if (process.env.STOA_COUNTS) writeFileSync(process.env.STOA_COUNTS, JSON.stringify({ passed, failed }));
}

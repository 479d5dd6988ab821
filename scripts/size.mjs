// Weighs what a page loads, in bytes after gzip -9, against what was promised.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tellCounts } from './lib/counts.mjs';
import { distPath, loadedBy, visitorFiles } from './lib/loads.mjs';

/** What is another text in each build, the time of it and the hashes in names, is weighed as always the same of its kind, so that the same code has the same weight. */
const steady = (code) => {
  const hashes = [];
  return code.replace(/\bbuild:\d{10}/, 'build:1793600943').replace(/(?<=-)[\w-]{6}(?=\.js)/g, (hash) => {
    if (!hashes.includes(hash)) hashes.push(hash);
    return createHash('sha256').update(String(hashes.indexOf(hash))).digest('base64url').slice(0, 6);
  });
};
const weigh = (path) => gzipSync(steady(readFileSync(distPath(path), 'utf8')), { level: 9 }).length;
const sum = (paths) => paths.reduce((total, path) => total + weigh(path), 0);

/** 1 kB is 1,000 bytes, except where a smaller unit was promised in bytes. */
const visitor = visitorFiles();
const budgets = [
  { what: 'stoa.js, before the first click', files: ['stoa.js'], bytes: 4_096 },
  { what: 'a visitor’s open chat', files: visitor.loaded, bytes: 70_000 },
];
/** What is weighed for information. */
const figures = [
  { what: 'core.js and what it loads', files: loadedBy(['core.js']).loaded },
  { what: 'plugin.js and what it loads', files: loadedBy(['plugin.js']).loaded },
  { what: 'everything that index.js can load', files: loadedBy(['index.js'], () => true).loaded },
];

const number = (bytes) => bytes.toLocaleString('en-US').padStart(9);
let failed = 0;
for (const { what, files, bytes } of budgets) {
  const size = sum(files);
  if (size > bytes) failed += 1;
  console.log(`${size > bytes ? '✗' : '✓'} ${number(size)} of ${number(bytes).trim()} bytes  ${what}`);
  if (files.length > 1) for (const file of files) console.log(`  ${number(weigh(file))}  ${file}`);
}
for (const { what, files } of figures) console.log(`  ${number(sum(files))} bytes  ${what} (${files.length} files)`);
if (visitor.left.length > 0) console.log(`Not among what a visitor loads: ${visitor.left.join(', ')}`);
tellCounts(budgets.length - failed, failed);
process.exitCode = failed > 0 ? 1 : 0;

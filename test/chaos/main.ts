/** Chaos from the command line: one run with everything chosen, or the whole matrix with its table. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/root.mjs';
import type { ServerName } from '../support/world.js';
import { faults, mendable, type Fault } from './plan.js';
import { commandOf, describeResult, runChaos, type ChaosOptions, type ChaosResult } from './run.js';

const USAGE = `npm run chaos -- [--server prosody|ejabberd] [--transport ws|bosh] [--who account|visitor] [--messages N] [--rate N] [--seed S] [--faults ${faults.join(',')}|mendable|all|none] [--quiet] [--trace FILE]`;

const one = <T extends string>(name: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find(each => each === value);
  if (found === undefined) throw new Error(`--${name} is “${value}”; ${allowed.join(', ')} may be given.\n${USAGE}`);
  return found;
};

/** Reads the options of one run. Throws a sentence about what is wrong. */
const readArguments = (args: readonly string[]): ChaosOptions & { readonly quiet: boolean; readonly file: string | undefined } => {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const name = /^--([a-z]+)$/u.exec(args[index] ?? '')?.[1];
    if (name === undefined || !['server', 'transport', 'who', 'messages', 'rate', 'seed', 'faults', 'quiet', 'trace'].includes(name)) throw new Error(`There is no option “${args[index] ?? ''}”.\n${USAGE}`);
    given.set(name, name === 'quiet' ? 'yes' : (args[(index += 1)] ?? ''));
  }
  const number = (name: string, otherwise: number): number => {
    const value = Number(given.get(name) ?? otherwise);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0.\n${USAGE}`);
    return value;
  };
  const wanted = given.get('faults') ?? 'mendable';
  const named: Readonly<Record<string, readonly Fault[]>> = { mendable, all: faults, none: [] };
  return {
    server: one<ServerName>('server', given.get('server') ?? 'prosody', ['prosody', 'ejabberd']),
    transport: one('transport', given.get('transport') ?? 'ws', ['ws', 'bosh']) === 'ws' ? 'websocket' : 'bosh',
    who: one('who', given.get('who') ?? 'account', ['account', 'visitor']),
    messages: number('messages', 200),
    rate: number('rate', 20),
    seed: given.get('seed') ?? String(Date.now() % 1_000_000),
    faults: (Object.hasOwn(named, wanted) ? named[wanted] : undefined) ?? wanted.split(',').map(name => one('faults', name.replace(/^cuts$/u, 'cut'), faults)),
    quiet: given.has('quiet'),
    trace: given.has('trace'),
    file: given.get('trace'),
  };
};

/** Length of the time of day with which each line of a trace begins. */
const STAMP = 12;

/** One run, told step by step. */
export const chaos = async (args: readonly string[]): Promise<boolean> => {
  const { quiet, file, ...options } = readArguments(args);
  console.log(`seed ${options.seed}; again by ${commandOf(options)}`);
  const result = await runChaos({ ...options, ...(file ? { serverLog: `${file}.server` } : {}), ...(quiet ? {} : { tell: line => console.log(line) }) });
  tell(result);
  if (file) writeFileSync(file, `${[...result.trace].sort((a, b) => a.slice(0, STAMP).localeCompare(b.slice(0, STAMP))).join('\n')}\n`);
  return result.wrong.length === 0;
};

const tell = (result: ChaosResult): void => {
  console.log(describeResult(result));
  for (const each of result.wrong) console.log(`  ${each}`);
  if (result.inWitnessed.length > 0) console.log(`  the archive has of what the page lost: ${result.inWitnessed.join(' ')}`);
  for (const complaint of result.complaints) console.log(`  the page complained: ${complaint.slice(0, 300)}`);
};

const SEEDS = ['1', '2', '3', '4', '5'];
const LONG = { messages: 2_000, rate: 20, faults: mendable } as const;
/** Faults that nothing mends take long, so there are fewer messages beside them. */
const HARD = { messages: 200, rate: 10, faults: ['cut', 'restart', 'expire'] } as const;

/** All runs, the most telling first: over BOSH an account and a visitor take turns, and the second round has them the other way round. */
const matrix = (): readonly ChaosOptions[] => {
  const round = (first: boolean): readonly ChaosOptions[] =>
    SEEDS.flatMap((seed, index) => (['prosody', 'ejabberd'] as const).flatMap((server): readonly ChaosOptions[] => [
      ...(first ? [{ ...LONG, seed, server, transport: 'websocket', who: 'account' } as const] : []),
      { ...LONG, seed, server, transport: 'bosh', who: (index % 2 === 0) === first ? 'visitor' : 'account' } as const,
    ]));
  const hard = SEEDS.slice(0, 2).flatMap(seed => (['prosody', 'ejabberd'] as const).flatMap((server): readonly ChaosOptions[] => [
    { ...HARD, seed, server, transport: 'websocket', who: 'account' },
    { ...HARD, seed, server, transport: 'bosh', who: 'visitor' },
  ]));
  return [...round(true), ...hard, ...round(false)];
};

/** Every server and transport with several seeds; writes a table to `.test/chaos.txt` as well. Stops to begin new runs when the time is over, and says so. */
export const longChaos = async (minutes: number): Promise<boolean> => {
  const begun = Date.now();
  const lines: string[] = [];
  let good = true;
  const say = (line: string): void => {
    lines.push(line);
    console.log(line);
    mkdirSync(join(root, '.test'), { recursive: true });
    writeFileSync(join(root, '.test/chaos.txt'), `${lines.join('\n')}\n`);
  };
  for (const each of matrix()) {
    const what = `${each.server} ${each.transport} ${each.who} seed ${each.seed}`;
    if (Date.now() - begun > minutes * 60_000) {
      say(`✗ not run for want of time: ${what}, ${each.messages} messages`);
      good = false;
      continue;
    }
    try {
      const result = await runChaos(each);
      say(describeResult(result));
      for (const wrong of [...result.wrong, ...result.complaints.map(complaint => `the page complained: ${complaint.slice(0, 300)}`)]) say(`    ${wrong}`);
      if (result.wrong.length > 0) say(`    again by ${commandOf(each)}`);
      good &&= result.wrong.length === 0;
    } catch (error) {
      say(`✗ ${what}: ${String(error).slice(0, 600)}`);
      good = false;
    }
  }
  say(`${((Date.now() - begun) / 60_000).toFixed(1)} minutes`);
  return good;
};

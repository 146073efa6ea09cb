import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { FaultProbabilities } from './faults';
import { drawHours } from './hours';
import { largeRun } from './large';
import { Random } from './random';
import { simulate } from './run';
import type { ScenarioShape } from './scenario';

const HELP = `npm run simulate -- [--seeds N] [--from S] [--circumstance alternating|hours]
npm run simulate -- --large N

Simulates N seeds (1000), from S (1) on, on every core. Progress goes to stderr; the
last line of stdout is JSON. Exit status 1 if a promise was broken, with the seed and
a readable trace.

  --circumstance alternating   links alternate between two versions of the records
  --circumstance hours         items have hours, in the night in which clocks are put
                               back
  --large N                    instead: one run of N ids over 40 chains in virtual
                               time, and what it left behind
`;

interface Report {
  readonly seeds: number;
  readonly violations: readonly { readonly seed: number; readonly found: readonly string[] }[];
  readonly faults: FaultProbabilities;
}

/** Seeds that a process simulates between two reports. */
const BATCH = 200;
const CIRCUMSTANCES: Readonly<Record<string, (seed: number) => ScenarioShape>> = {
  none: () => ({}),
  /** Every run meets a deployment: its links alternate between the previous version of the records and this one. */
  alternating: () => ({ alternates: true }),
  /** The items of every run have hours, in the night in which clocks are put back. */
  hours: (seed) => ({ hours: drawHours(new Random(seed)) }),
};

/** Seeds for a process to simulate, `end` excluded. */
interface Range {
  readonly first: number;
  readonly end: number;
  readonly circumstance: string;
}

function shapeOf(circumstance: string, seed: number): ScenarioShape {
  return CIRCUMSTANCES[circumstance]?.(seed) ?? {};
}

function main(): void {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { seeds: text, from: text, large: text, circumstance: text, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(HELP);
  if (values.large !== undefined) return void large(whole('--large', values.large));
  const { circumstance = 'none' } = values;
  if (!Object.hasOwn(CIRCUMSTANCES, circumstance)) {
    const known = Object.keys(CIRCUMSTANCES).join(', ');
    process.stderr.write(`Expected --circumstance to be one of ${known}, got ${circumstance}.\n`);
    process.exit(2);
  }
  const seeds = whole('--seeds', values.seeds ?? '1000');
  const from = whole('--from', values.from ?? '1');
  const startedAt = performance.now();
  const faultsInjected: Record<string, number> = {};
  const violations: Report['violations'][number][] = [];
  const end = from + seeds;
  let next = from;
  let done = 0;
  const workers: ChildProcess[] = [];
  const seconds = () => (performance.now() - startedAt) / 1000;

  const assign = (worker: ChildProcess) => {
    if (next >= end) return worker.disconnect();
    const first = next;
    next = Math.min(end, next + BATCH);
    worker.send({ first, end: next, circumstance } satisfies Range);
  };

  const finish = () => {
    const secondsElapsed = Math.round(seconds() * 10) / 10;
    process.stdout.write(`${Math.round(done / secondsElapsed)} seeds per second\n`);
    process.stdout.write(
      `${JSON.stringify({ seeds: done, violations: violations.length, secondsElapsed, faultsInjected })}\n`,
    );
    process.exitCode = violations.length > 0 || done < seeds ? 1 : 0;
  };

  let alive = availableParallelism();
  for (let index = 0; index < availableParallelism(); index++) {
    const worker = fork(__filename, ['worker'], { execArgv: ['--import', 'tsx'] });
    workers.push(worker);
    worker.on('message', (report: Report) => {
      done += report.seeds;
      for (const [kind, count] of Object.entries(report.faults))
        faultsInjected[kind] = (faultsInjected[kind] ?? 0) + count;
      for (const violation of report.violations) {
        violations.push(violation);
        process.stderr.write(`\nseed ${violation.seed}: ${violation.found.join('\n  ')}\n`);
      }
      process.stderr.write(
        `\r${done} of ${seeds} seeds, ${violations.length} violations, ${Math.round(done / seconds())} per second `,
      );
      assign(worker);
    });
    worker.on('exit', () => {
      alive -= 1;
      if (alive > 0) return;
      process.stderr.write('\n');
      void showTrace(violations[0]?.seed, circumstance).then(finish);
    });
    assign(worker);
  }
}

/** What happened under the first seed that broke a promise. */
async function showTrace(seed: number | undefined, circumstance: string): Promise<void> {
  if (seed === undefined) return;
  process.stderr.write(`\nTrace of seed ${seed}; replay it with SEED=${seed} npm test -- test/simulation\n\n`);
  await simulate(seed, { trace: (line) => process.stderr.write(`${line}\n`) }, shapeOf(circumstance, seed));
}

async function large(items: number): Promise<void> {
  const run = await largeRun(items, 40, (seconds) => {
    process.stderr.write(`\r${Math.round(seconds)} virtual seconds, ${heapMegabytes()} MB of heap `);
  });
  process.stderr.write('\n');
  process.stdout.write(`${JSON.stringify({ ...run, heapMegabytes: heapMegabytes() })}\n`);
}

function heapMegabytes(): number {
  return Math.round(process.memoryUsage().heapUsed / 1e6);
}

async function work({ first, end, circumstance }: Range): Promise<void> {
  const faults: Record<string, number> = {};
  const violations: Report['violations'][number][] = [];
  for (let seed = first; seed < end; seed++) {
    const result = await simulate(seed, {}, shapeOf(circumstance, seed));
    for (const [kind, count] of Object.entries(result.faultsInjected)) faults[kind] = (faults[kind] ?? 0) + count;
    if (result.violations.length > 0) {
      violations.push({ seed, found: result.violations.map(({ promise, message }) => `${promise} ${message}`) });
    }
  }
  process.send?.({ seeds: end - first, violations, faults } satisfies Report);
}

function whole(name: string, value: string): number {
  if (/^\d+$/.test(value) && Number(value) > 0) return Number(value);
  process.stderr.write(`Expected ${name} to be a whole number above 0, got ${value}: for example ${name} 1000.\n`);
  process.exit(2);
}

if (process.argv[2] === 'worker') process.on('message', (range: Range) => void work(range));
else main();

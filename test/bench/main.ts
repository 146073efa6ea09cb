import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundleCells } from './bundles';
import { bystanderCells } from './bystander';
import { costPerMillion } from './cost';
import { cpuPerMail } from './cpu-per-mail';
import { CLAIM_FACTORS, crashPriceCell } from './crash-price';
import { handoffCost } from './handoff';
import { memoryOfLongLink } from './memory';
import { naiveCell } from './naive';
import { firstMail } from './npm-start';
import { objectRun } from './object-run';
import { overheadCells } from './overhead';
import { type PaceCell, paceCell } from './pace';
import { plannedRun } from './planned-run';
import type { BenchReport } from './report';
import { SECTIONS } from './sections';
import { FULL, QUICK, type Sizes } from './sizes';
import { targetsOf } from './targets';

const HELP = `npm run bench -- [--quick] [--out FILE]

Prints tables of what a run takes and costs. What runs on the virtual clock is the
same on every machine; what is measured in real time is meant as ratios.

  --quick      smaller sizes: minutes instead of a quarter of an hour
  --out FILE   writes the numbers as JSON, too
`;

const LIMITS = [14, 100, 500] as const;
const CHAINS = [1, 4, 16, 40] as const;
/** The construct's default: four fifths of the account's rate. */
const SHARE = 0.8;
const POLICIES = ['throw', 'log'] as const;

async function main(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ options: { quick: flag, out: { type: 'string' }, help: flag } });
  if (values.help) return void process.stdout.write(HELP);
  const quick = values.quick ?? false;
  const report = await measure(quick, quick ? QUICK : FULL);
  if (values.out !== undefined) {
    writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(`Written to ${values.out}\n`);
  }
}

async function measure(quick: boolean, sizes: Sizes): Promise<BenchReport> {
  say(
    `Virtual clock: the deployed domain over the cores of the embedded engine, seeded latencies: the same on every machine.`,
  );
  const pace = show('pace', await paceCells(SHARE, sizes));
  const paceAtFullShare = show('paceAtFullShare', quick ? [] : await paceCells(1, sizes));
  const naive = show('naive', await naiveCells(sizes));
  const bystander = show('bystander', await bystanders(sizes));
  const handoff = show('handoff', await handoffCost({ limit: 100, chains: 4, linkSeconds: 10, idealSeconds: 120 }));
  const crashPrice = show(
    'crashPrice',
    await inTurn(CLAIM_FACTORS, (claimFactor) => crashPriceCell(claimFactor, sizes.crashSeconds)),
  );
  const cost = show('costPerMillion', await costPerMillion(sizes.costMails));
  const memory = show('memory', await memoryOfLongLink(sizes.memoryItems));
  const object = show('objectRun', await objectRun(sizes.objectLines));
  const overhead = show('overhead', await overheadCells(sizes.overhead, sizes.overheadRepetitions));
  const cpu = show('cpuPerMail', await cpuPerMail(sizes.cpuPerMail));
  const first = show('firstMail', await firstMail(sizes.firstMails));
  const planned = show('plannedRun', await plannedRun(sizes.plannedItems, 125));
  const bundles = show('bundles', await bundleCells(sizes.bundleLoads));
  const measured = {
    quick,
    node: process.version,
    pace,
    paceAtFullShare,
    naive,
    bystander,
    overhead,
    cpuPerMail: cpu,
    firstMail: first,
    plannedRun: planned,
    handoff,
    crashPrice,
    memory,
    objectRun: object,
    costPerMillion: cost,
    bundles,
  };
  return { ...measured, targets: show('targets', targetsOf(measured)) };
}

function paceCells(share: number, { idealSeconds, linkSeconds }: Sizes): Promise<readonly PaceCell[]> {
  return inTurn(cells(), ({ limit, chains }) => paceCell({ limit, chains, share, idealSeconds, linkSeconds }));
}

function naiveCells({ idealSeconds, linkSeconds }: Sizes) {
  const shapes = POLICIES.flatMap((policy) => cells().map((cell) => ({ ...cell, policy })));
  return inTurn(shapes, ({ limit, chains, policy }) => {
    const rate = limit * SHARE;
    return naiveCell({ limit, chains, policy, items: Math.round(rate * idealSeconds), linkSeconds }, rate);
  });
}

async function bystanders({ bystanderLoads, bystanderSeconds: idealSeconds }: Sizes) {
  const shape = { limit: 100, chains: 16, share: SHARE, idealSeconds, linkSeconds: idealSeconds / 3 };
  return (await inTurn(bystanderLoads, (load) => bystanderCells({ ...shape, load }))).flat();
}

function cells() {
  return LIMITS.flatMap((limit) => CHAINS.map((chains) => ({ limit, chains })));
}

/** One after the other: two at once would disturb each other's times, and interleave progress. */
async function inTurn<Input, Output>(inputs: readonly Input[], work: (input: Input) => Promise<Output>) {
  const outputs: Output[] = [];
  for (const input of inputs) {
    outputs.push(await work(input));
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return outputs as readonly Output[];
}

function show<Part extends keyof BenchReport>(part: Part, value: BenchReport[Part]): BenchReport[Part] {
  const isEmpty = Array.isArray(value) && value.length === 0;
  process.stderr.write(`[${Math.round(process.uptime())} s]\n`);
  const section = SECTIONS[part];
  if (section && !isEmpty) say(section(value));
  return value;
}

function say(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
});

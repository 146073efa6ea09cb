import { settledItems } from '../../functions/contract/outcomes';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { functionMemory } from '../deployment/function-memory';
import { openDeployment } from '../deployment/open-deployment';
import { print, printTable, say } from '../output';
import { costSoFar } from '../plan/cost-so-far';
import { itemRateOf, type KnownRun, knownRun, statusOf } from './known-run';
import { sumOf } from './show';

/** One run, in figures. */
interface Figures {
  readonly runId: string;
  readonly status: string;
  readonly seconds: number;
  readonly items: number;
  readonly done: number;
  readonly skipped: number;
  readonly unprocessed: number;
  readonly inDoubt: number;
  readonly left: number;
  readonly itemsPerSecond: number;
  readonly rate: number;
  readonly chains: number;
  readonly links: number;
  readonly throttles: number;
  /** Estimated at list prices, without the mails themselves. Absent where the function's memory is not to be known. */
  readonly dollars?: number;
  readonly mailDollars?: number;
}

/**
 * `worker-chains compare`: two runs side by side. Answers the exit code.
 *
 * @throws UsageError where the deployment does not know one of them
 */
export async function compare({ json, ...choice }: DeployedFlags & JsonFlag, first: string, second: string) {
  const opened = await openDeployment(choice);
  const [a, b] = await Promise.all([knownRun(first, opened), knownRun(second, opened)]);
  const memory = await functionMemory(opened.deployment.chainFunction);
  const [left, right] = [figuresOf(a, memory), figuresOf(b, memory)];
  if (json) {
    print(left);
    print(right);
    return 0;
  }
  const rows = ROWS.map(([name, field]): [string, string, string, string] => [
    name,
    ...([left[field], right[field]].map(shown) as [string, string]),
    change(left[field], right[field]),
  ]);
  printTable(['', left.runId, right.runId, 'change'], rows);
  if (memory === undefined) {
    say(`Without the cost: it takes lambda:GetFunctionConfiguration on ${opened.deployment.chainFunction}.`);
  }
  return 0;
}

const ROWS: readonly (readonly [string, keyof Figures])[] = [
  ['status', 'status'],
  ['seconds', 'seconds'],
  ['items', 'items'],
  ['done', 'done'],
  ['skipped', 'skipped'],
  ['unprocessed', 'unprocessed'],
  ['in doubt', 'inDoubt'],
  ['left', 'left'],
  ['items/s', 'itemsPerSecond'],
  ['rate', 'rate'],
  ['chains', 'chains'],
  ['links', 'links'],
  ['throttles', 'throttles'],
  ['$ (estimated)', 'dollars'],
  ['$ of the mails', 'mailDollars'],
];

function shown(value: string | number | undefined): string {
  return value === undefined ? '' : String(value);
}

function change(before: string | number | undefined, after: string | number | undefined): string {
  if (typeof before !== 'number' || typeof after !== 'number' || before === after) return '';
  if (before === 0) return `+${after}`;
  const percent = Math.round((after / before - 1) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

function figuresOf(known: KnownRun, memoryMegabytes: number | undefined): Figures {
  const { run, chains, counts, items, left, seconds } = known;
  const settled = settledItems(counts);
  const cost = memoryMegabytes === undefined ? undefined : costSoFar(run, chains, seconds, memoryMegabytes);
  return {
    ...{ runId: run.runId, status: statusOf(known), seconds, items },
    ...{ done: counts.done, skipped: counts.skipped, unprocessed: counts.unprocessed, inDoubt: counts.inDoubt, left },
    itemsPerSecond: seconds > 0 ? Math.round((settled / seconds) * 10) / 10 : 0,
    ...{
      rate: itemRateOf(run),
      chains: chains.length,
      links: sumOf(chains, 'links'),
      throttles: sumOf(chains, 'throttles'),
    },
    ...(cost && {
      dollars: round(cost.dollars),
      mailDollars: round(cost.mailDollars),
    }),
  };
}

function round(dollars: number): number {
  return Number(dollars.toPrecision(3));
}

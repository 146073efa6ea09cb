import { parseArgs } from 'node:util';
import { Failure, UsageError } from '../../cli/command-line';
import { awsFailure } from '../../cli/deployment/aws-failure';
import { type Scenario, Stage } from './scenario';
import type { ScenarioTarget } from './scenario-target';
import { SCENARIOS } from './scenarios';
import { STACK } from './smoke-stack';

/** Of a run of all scenarios: some thousand requests, a few GB-seconds, three mails. US dollars, rounded up. */
const RUN_DOLLARS = 0.05;
/** Of the stack while it stands, for its alarms and its key: US dollars, rounded up. Held to the template by a test. */
export const MONTH_DOLLARS = 5;

const USAGE = `npm run smoke -- --account ID --region REGION --sender ADDRESS [--keep]

Deploys the stack ${STACK} into the account of your credentials, plays on
it the scenarios that CI plays on the embedded engine, and destroys it. The account has
to be bootstrapped (npx cdk bootstrap), and ADDRESS verified in SES, in that region.
Mails go to SES's mailbox simulator only.

  --account ID      the account, twelve digits: says that you know which one it is
  --region REGION   the region, likewise
  --sender ADDRESS  of the mails
  --keep            leaves the stack
  --help            this`;

const CODES = { held: 0, failed: 1, refused: 2 } as const;

/** Where the credentials of the environment lead. */
export interface Identity {
  readonly account: string;
  readonly region: string;
}

/** What the command does to the world. */
export interface SmokeServices {
  /** Of the credentials: asked of AWS, so that it cannot be the wrong one. */
  readonly identity: () => Promise<Identity>;
  /** `cdk` with these arguments, in the directory of the app. @throws Failure where it fails */
  readonly cdk: (args: readonly string[], region: string) => Promise<void>;
  readonly open: (identity: Identity) => Promise<ScenarioTarget>;
  readonly say: (text: string) => void;
}

interface Confirmed extends Identity {
  readonly sender: string;
  readonly keep: boolean;
}

/**
 * `npm run smoke`. Answers the exit code: 0 where every scenario holds, 1 where one does not or AWS fails, 2 where it is
 * refused, before anything is deployed.
 */
export async function smoke(
  args: readonly string[],
  services: SmokeServices,
  scenarios: readonly Scenario[] = SCENARIOS,
): Promise<number> {
  const { say } = services;
  let confirmed: Confirmed;
  try {
    const given = parsed(args);
    if (given.help) {
      say(USAGE);
      return CODES.held;
    }
    confirmed = confirm(given, await services.identity());
  } catch (error) {
    say(sentenceOf(error));
    return CODES.refused;
  }
  try {
    return (await deployAndPlay(confirmed, services, scenarios)) ? CODES.held : CODES.failed;
  } catch (error) {
    say(sentenceOf(error));
    return CODES.failed;
  }
}

interface Given {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly sender?: string | undefined;
  readonly keep: boolean;
  readonly help: boolean;
}

function parsed(args: readonly string[]): Given {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { account: text, region: text, sender: text, keep: flag, help: flag };
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    const [first = ''] = (error as Error).message.split(/(?<=['>])\. /);
    throw new UsageError(`${first.replace(/\.$/, '')}: see npm run smoke -- --help.`);
  }
}

/** @throws UsageError unless account and region are named, and are those of the credentials */
function confirm({ account, region, sender, keep }: Given, identity: Identity): Confirmed {
  const right = `--account ${identity.account} --region ${identity.region}`;
  if (account === undefined || region === undefined) {
    throw new UsageError(
      `Expected ${right}, which says that ${STACK} is to be deployed there, got ${account ?? region ?? 'neither'}: it costs about $${RUN_DOLLARS} and is destroyed at the end; with --keep it costs up to $${MONTH_DOLLARS} a month. To do it: npm run smoke -- ${right} --sender ADDRESS.`,
    );
  }
  if (account !== identity.account || region !== identity.region) {
    throw new UsageError(
      `Expected ${right}, to which the credentials lead, got --account ${account} --region ${region}: set AWS_PROFILE and AWS_REGION to where you mean, or name where they are.`,
    );
  }
  if (!sender?.includes('@')) {
    throw new UsageError(
      `Expected --sender to be an address that is verified in SES in ${region}, got ${sender ?? 'nothing'}: the scenarios send three mails to SES's mailbox simulator.`,
    );
  }
  return { account, region, sender, keep };
}

/** Answers whether every scenario holds. Destroys the stack whatever happens, unless it is to be kept. */
async function deployAndPlay(
  { sender, keep, ...identity }: Confirmed,
  { cdk, open, say }: SmokeServices,
  scenarios: readonly Scenario[],
): Promise<boolean> {
  const setting = ['-c', `sender=${sender}`];
  const removal = `AWS_REGION=${identity.region} npx cdk destroy ${STACK} (in test/scenarios)`;
  say(`Deploying ${STACK} into account ${identity.account}, ${identity.region}. To remove it by hand: ${removal}`);
  let held = false;
  try {
    await cdk(['deploy', STACK, '--require-approval', 'never', ...setting], identity.region);
    held = await play(await open(identity), scenarios, say);
  } finally {
    if (keep) say(`${STACK} stays, for up to $${MONTH_DOLLARS} a month: ${removal} removes it.`);
    else {
      await cdk(['destroy', STACK, '--force', ...setting], identity.region).catch((error: Error) => {
        held = false;
        say(`${STACK} may still be there (${error.message}): ${removal} removes it.`);
      });
    }
  }
  return held;
}

/** Plays all of them, one after the other, and says of each whether it holds. */
async function play(target: ScenarioTarget, scenarios: readonly Scenario[], say: SmokeServices['say']) {
  let failed = 0;
  for (const { name, unseenWithoutInbox, ...scenario } of scenarios) {
    try {
      await scenario.play(new Stage(target));
      say(`ok ${name}`);
      if (unseenWithoutInbox !== undefined && target.mailsTo === undefined) say(`   not seen: ${unseenWithoutInbox}`);
    } catch (error) {
      failed++;
      say(`FAILED ${name}\n  ${sentenceOf(error)}`);
    }
  }
  say(`${scenarios.length - failed} passed, ${failed} failed on ${target.name}`);
  return failed === 0;
}

function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof Failure) return error.message;
  return awsFailure(error)?.message ?? (error as Error).message;
}

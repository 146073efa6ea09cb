import { readFileSync } from 'node:fs';
import {
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  type Stack,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { distributedDefinition } from '../../cdk/distributed-definition';
import { DEFINITION_FILE, packageVersion } from '../../cdk/package-files';
import { type Clock, sleep } from '../../functions/contract/clock';
import { MOST_CHAINS } from '../../functions/contract/map-mode';
import { ENVIRONMENT } from '../../functions/contract/names';
import { Failure } from '../command-line';
import { type Check, check, type Finding, ok, warning } from './check';

export interface StackClients {
  readonly cloudFormation: CloudFormationClient;
  readonly sfn: SFNClient;
  readonly clock: Clock;
}

const POLL_MILLISECONDS = 5000;
/** A stack of a few dozen resources takes one to five minutes. */
const PATIENCE_MILLISECONDS = 900_000;
/** Of a resource's properties that somebody has changed; the rest are counted. */
const MOST_NAMED = 3;

interface SeenStack {
  readonly stack: Stack;
  readonly drifted: readonly StackResourceDrift[];
}

/**
 * Of the stack as it was deployed: whether it is still what was deployed, and what this version would deploy.
 *
 * @param detect asks CloudFormation to look now, for minutes; otherwise it is said what it saw the last time
 */
export function stackChecks(clients: StackClients, { detect }: { readonly detect: boolean }): readonly Check[] {
  const { cloudFormation, sfn } = clients;
  const asking = ['cloudformation:DetectStackDrift', 'cloudformation:DescribeStackDriftDetectionStatus'];
  return [
    check({
      id: 'drift',
      needs: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResourceDrifts', ...(detect ? asking : [])],
      read: async ({ deployment }): Promise<SeenStack> => {
        if (detect) await detectDrift(deployment.stack, clients);
        const { Stacks: [stack] = [] } = await cloudFormation.send(
          new DescribeStacksCommand({ StackName: deployment.stack }),
        );
        if (stack === undefined) throw new Failure(`there is no stack ${deployment.stack}`);
        const hasDrifted = stack.DriftInformation?.StackDriftStatus === 'DRIFTED';
        return { stack, drifted: hasDrifted ? await driftsOf(deployment.stack, cloudFormation) : [] };
      },
      judge: judgeStack,
    }),
    check({
      id: 'state-machine',
      needs: ['states:DescribeStateMachine'],
      read: ({ deployment: { stateMachineArn } }) => sfn.send(new DescribeStateMachineCommand({ stateMachineArn })),
      judge: ({ definition = '{}' }, { environment }) => {
        const isDistributed = environment[ENVIRONMENT.mapMode] === 'distributed';
        const differing = differingStates(JSON.parse(definition), ownDefinition(isDistributed));
        if (differing.length === 0) return ok(`its definition is that of worker-chains ${packageVersion()}`);
        return warning(
          `its definition is not that of worker-chains ${packageVersion()}: ${differing.join(', ')}`,
          'deploy the stack with this version, or ask the version that has deployed it; if it has, somebody has changed it by hand',
        );
      },
    }),
  ];
}

/**
 * Has CloudFormation compare each resource with the template. It changes nothing.
 *
 * @throws Failure where CloudFormation gives up, or takes too long
 */
async function detectDrift(StackName: string, { cloudFormation, clock }: StackClients): Promise<void> {
  const { StackDriftDetectionId } = await cloudFormation.send(new DetectStackDriftCommand({ StackName }));
  const command = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId });
  const end = clock.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const { DetectionStatus: status, DetectionStatusReason: reason } = await cloudFormation.send(command);
    if (status === 'DETECTION_COMPLETE') return;
    if (status === 'DETECTION_FAILED') throw new Failure(`CloudFormation could not compare: ${reason ?? 'no reason'}`);
    if (clock.now() >= end)
      throw new Failure('CloudFormation is not through after 15 minutes, ask again without --drift');
    await sleep(clock, POLL_MILLISECONDS);
  }
}

async function driftsOf(StackName: string, cloudFormation: CloudFormationClient): Promise<StackResourceDrift[]> {
  const found: StackResourceDrift[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({
        StackName,
        NextToken,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
      }),
    );
    found.push(...(page.StackResourceDrifts ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function judgeStack({ stack, drifted }: SeenStack): Finding {
  const { StackStatus: status = '', DriftInformation: drift } = stack;
  if (/ROLLBACK|FAILED/.test(status)) {
    return warning(`the stack is in ${status}: its last deployment has failed`, 'see its events, and deploy it again');
  }
  const at = drift?.LastCheckTimestamp?.toISOString().slice(0, 16).replace('T', ' ') ?? 'an unknown time';
  switch (drift?.StackDriftStatus) {
    case 'IN_SYNC':
      return ok(`CloudFormation saw no difference to the template at ${at} UTC`);
    case 'DRIFTED': {
      const named = drifted.map(driftOf).join('; ');
      return warning(
        `changed since it was deployed, as CloudFormation saw it at ${at} UTC: ${named}`,
        'undo it by hand: a deployment leaves alone what the template does not change; then doctor --drift',
      );
    }
    default:
      return {
        verdict: 'unknown',
        found: 'nobody has compared the stack with its template',
        todo: 'doctor --drift has CloudFormation do it, in a few minutes',
      };
  }
}

function driftOf({ LogicalResourceId, StackResourceDriftStatus, PropertyDifferences = [] }: StackResourceDrift) {
  if (StackResourceDriftStatus === 'DELETED') return `${LogicalResourceId} is gone`;
  const paths = PropertyDifferences.map(({ PropertyPath }) => PropertyPath);
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return `${LogicalResourceId} ${paths.slice(0, MOST_NAMED).join(', ')}${more}`;
}

type Definition = Readonly<Record<string, unknown>> & { readonly States?: Readonly<Record<string, unknown>> };

function ownDefinition(isDistributed: boolean): Definition {
  const committed = readFileSync(DEFINITION_FILE, 'utf8');
  return JSON.parse(isDistributed ? distributedDefinition(committed, MOST_CHAINS.distributed) : committed);
}

/** Names of states that one has and the other has not, or has otherwise; `settings` for what stands beside them. */
function differingStates(deployed: Definition, own: Definition): readonly string[] {
  const { States: theirs = {}, ...theirSettings } = deployed;
  const { States: ours = {}, ...ourSettings } = own;
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const differing = names.filter((name) => !fits(theirs[name], ours[name]));
  return fits(theirSettings, ourSettings) ? differing : ['settings', ...differing];
}

/** Whether a value is what was written, whatever was put in where the writing has `${Name}`. */
function fits(value: unknown, written: unknown): boolean {
  if (typeof written === 'string' && typeof value === 'string') {
    const parts = written.split(/\$\{\w+\}/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return new RegExp(`^${parts.join('.+')}$`, 's').test(value);
  }
  if (typeof written !== 'object' || written === null || typeof value !== 'object' || value === null) {
    return value === written;
  }
  const keys = new Set([...Object.keys(written), ...Object.keys(value)]);
  const of = (one: object, key: string) => (one as Readonly<Record<string, unknown>>)[key];
  return (
    Array.isArray(value) === Array.isArray(written) && [...keys].every((key) => fits(of(value, key), of(written, key)))
  );
}

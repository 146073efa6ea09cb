import { GetAccountCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { counted } from '../../functions/contract/counted';
import { extentOfAll } from '../../functions/ledger/extent';
import type { Ledger } from '../../functions/ledger/ledger';
import { type Check, check, ok, type Patient, warning } from './check';
import { leftOf } from './mail-checks';

export type LedgerOfRuns = Pick<Ledger, 'readRun' | 'readChains'>;

interface ItemsClients {
  readonly ses: SESv2Client;
  readonly sfn: SFNClient;
  readonly ledger: LedgerOfRuns;
}

/** Executions that are looked at, newest first: among as many refused, resumed and dry runs one has been planned. */
const LOOKED_AT = 20;

interface PlannedRun {
  readonly runId: string;
  readonly items: number;
  readonly isEstimate: boolean;
}

/** Whether as many items as the last run had fit into what is left of the quota. */
export function itemsCheck({ ses, sfn, ledger }: ItemsClients): Check {
  return check({
    id: 'items',
    needs: ['ses:GetAccount', 'states:ListExecutions', 'dynamodb:GetItem', 'dynamodb:Query'],
    read: async ({ deployment }) => ({
      last: await lastRun(deployment, sfn, ledger),
      account: await ses.send(new GetAccountCommand({})),
    }),
    judge: ({ last, account }, patient) => {
      if (last === undefined) return ok('no run has been planned yet; how many items one has, plan --stack says');
      const left = leftOf(account, patient);
      const had = `the last run, ${last.runId}, had ${last.isEstimate ? 'about ' : ''}${counted(last.items, 'item')}`;
      if (left >= last.items) {
        return ok(
          `${had}, and runs may use ${Number.isFinite(left) ? `${counted(left, 'more mail')}` : 'any number of mails'} within 24 hours`,
        );
      }
      return warning(
        `${had}, and runs may use only ${counted(left, 'more mail')} within 24 hours: one like it would be refused`,
        'wait until older mails are 24 hours old, raise sendShare, or have the quota raised in Service Quotas',
      );
    },
  });
}

async function lastRun(
  { stateMachineArn }: Patient['deployment'],
  sfn: SFNClient,
  ledger: LedgerOfRuns,
): Promise<PlannedRun | undefined> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: LOOKED_AT }));
  for (const { name = '' } of executions) {
    const run = await ledger.readRun(name);
    if (run === undefined || run.dryRun) continue;
    const { items, isEstimate } = extentOfAll(await ledger.readChains(run.runId));
    return { runId: run.runId, items, isEstimate };
  }
  return undefined;
}

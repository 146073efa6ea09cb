import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { WorkerChains } from 'worker-chains/cdk';

export const STACK = 'WorkerChainsSmoke';
export const JOB = 'smoke';
export const CHAINS = 3;

/** What the scenarios run on: worker chains that nobody's schedule starts, and nothing that outlives the stack. */
export class SmokeStack extends Stack {
  /** @param sender an address that is verified in SES, in the account's region */
  constructor(scope: Construct, { sender }: { readonly sender: string }) {
    super(scope, STACK, { description: 'Scenarios of worker chains, deployed to be destroyed: npm run smoke.' });
    const [items, deeds] = (['Items', 'Deeds'] as const).map(
      (id) =>
        new Table(this, id, {
          partitionKey: { name: 'id', type: AttributeType.STRING },
          billingMode: BillingMode.PAY_PER_REQUEST,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
          encryption: TableEncryption.AWS_MANAGED,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
    ) as [Table, Table];
    const { runChain } = new WorkerChains(this, 'Smoke', {
      job: join(__dirname, 'job.ts'),
      schedule: Schedule.cron({ day: '1', month: '1', hour: '0', minute: '0' }),
      enabled: false,
      chains: CHAINS,
      // The shortest, so that one sees within seconds that a stop ends every chain.
      heartbeat: Duration.seconds(5),
      mail: { sender, sandboxRecipients: ['simulator.amazonses.com'], unsubscribe: false },
      environment: { ITEMS_TABLE: items.tableName, DEEDS_TABLE: deeds.tableName },
      removalPolicy: RemovalPolicy.DESTROY,
      dashboard: false,
    });
    deeds.grant(runChain, 'dynamodb:UpdateItem');
  }
}

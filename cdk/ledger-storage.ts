import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledgeKeyFamilies } from './permissions';
import { having, memberOf, optional, requireShapes, type Shapes } from './shapes';
import { UnexpectedValue } from './validation';

export interface LedgerProps {
  /** @default - the table stays when the stack goes */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - the key that AWS manages for DynamoDB in the account */
  readonly encryptionKey?: IKey;
}

/** What each property of a ledger must be, before anything is made of it. */
export const LEDGER_SHAPES: Shapes<LedgerProps> = {
  removalPolicy: optional(memberOf('RemovalPolicy', RemovalPolicy)),
  encryptionKey: optional(having('a key of KMS', ['grant', 'grantEncryptDecrypt'], ['keyArn'])),
};

interface GrantOptions {
  /** Grants what the operations need of the ledger's own key. @default - to encrypt and to decrypt */
  readonly key?: (key: IKey) => iam.Grant;
  readonly conditions?: Record<string, Record<string, unknown>>;
}

/**
 * The table that holds runs, chains and unprocessed items: the single source of truth. Every `WorkerChains` makes one of
 * its own, unless it is given one that others use, too.
 *
 * @example
 * const ledger = new Ledger(this, 'Ledger');
 * new WorkerChains(this, 'Digest', { job: 'jobs/digest.ts', ledger, schedule: Schedule.cron({ weekDay: 'MON' }) });
 * new WorkerChains(this, 'Report', { job: 'jobs/report.ts', ledger, schedule: Schedule.cron({ weekDay: 'FRI' }) });
 *
 * @throws UnexpectedValue where a property is of another type than its own
 */
export class Ledger extends Construct {
  readonly table: dynamodb.Table;
  private readonly encryptionKey?: IKey;
  /** Path of the worker chains of each job. */
  private readonly chainsOfJobs = new Map<string, string>();

  constructor(scope: Construct, id: string, props: LedgerProps = {}) {
    super(scope, id);
    requireShapes('Ledger', LEDGER_SHAPES, props);
    this.encryptionKey = props.encryptionKey;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: props.encryptionKey
        ? dynamodb.TableEncryption.CUSTOMER_MANAGED
        : dynamodb.TableEncryption.AWS_MANAGED,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }

  /**
   * Notes that the worker chains of a job keep their runs here.
   *
   * @throws UnexpectedValue where others of the same job do, or the functions are in another account or region
   */
  admit(job: string, chains: Construct): void {
    const { environment } = Stack.of(this);
    if (Stack.of(chains).environment !== environment) {
      throw new UnexpectedValue(
        `Expected \`ledger\` to be in the account and region of ${chains.node.path}, ${Stack.of(chains).environment}, got one in ${environment}: give these worker chains a ledger of their own.`,
      );
    }
    const others = this.chainsOfJobs.get(job);
    if (others !== undefined) {
      // A ledger lets one run of a job be active, of whichever construct, and no construct may read another's executions.
      throw new UnexpectedValue(
        `Expected the ledger ${this.node.path} to serve a job once, got ${job} for ${others} and for ${chains.node.path}: give one of them a ledger of its own, or its job another name.`,
      );
    }
    this.chainsOfJobs.set(job, chains.node.path);
  }

  /** Plans a run: its record, its chains, the claims; and gives up the job's place of a run that is proven meanwhile. */
  grantPlan(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Works through a run: claims, settlements, unprocessed items. */
  grantWork(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  }

  /** Notes that a chain was interrupted. */
  grantInterrupt(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'UpdateItem']);
  }

  /** Judges the canary of a run, and lets its chains go on. */
  grantJudge(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'UpdateItem']);
  }

  /** Adds up a run and closes it: its status, and the claim on the job. */
  grantClose(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'UpdateItem', 'DeleteItem']);
  }

  /** Takes what SES publishes of a run's mails. */
  grantFeedback(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'PutItem', 'UpdateItem']);
  }

  /** Notes who wants no more mails of a list. */
  grantUnsubscribe(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'UpdateItem']);
  }

  /** Lets people look at runs, and with a key of its own read what it encrypts. */
  grantWatch(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['GetItem', 'Query'], {
      key: (key) => key.grant(grantee, 'kms:Decrypt', 'kms:DescribeKey'),
    });
  }

  /** Lets people change the rate of a run, or of all runs at a provider, and no other attribute of these or of anything else. */
  grantRate(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['UpdateItem'], {
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['run#*', 'provider#*'] },
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'rate'] },
        Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
      },
    });
  }

  /** Lets people say by hand who is mailed: bounces, complaints and lists of an address, and nothing else. */
  grantRecipients(grantee: iam.IGrantable): iam.Grant {
    const attributes = ['pk', 'sk', 'bouncedAt', 'complainedAt', 'unsubscribed_*'];
    return this.grant(grantee, ['UpdateItem'], {
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['recipient#*'], 'dynamodb:Attributes': attributes },
        Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
      },
    });
  }

  /** `table.grant…` of the CDK allows whole families of actions; the ledger allows the ones in use. */
  private grant(
    grantee: iam.IGrantable,
    operations: readonly string[],
    { key: grantKey = (key) => key.grantEncryptDecrypt(grantee), conditions }: GrantOptions = {},
  ): iam.Grant {
    const grant = iam.Grant.addToPrincipal({
      grantee,
      actions: operations.map((operation) => `dynamodb:${operation}`),
      resourceArns: [this.table.tableArn],
      ...(conditions && { conditions }),
    });
    if (this.encryptionKey === undefined) return grant;
    acknowledgeKeyFamilies(grantee);
    return grant.combine(grantKey(this.encryptionKey));
  }
}

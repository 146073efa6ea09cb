import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface LedgerProps {
  /** @default - the table stays when the stack goes */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - the key that AWS manages for DynamoDB in the account */
  readonly encryptionKey?: IKey;
}

interface GrantOptions {
  /** What of the ledger's own key goes with it. @default - to encrypt and to decrypt */
  readonly key?: (key: IKey) => iam.Grant;
  readonly conditions?: Record<string, Record<string, unknown>>;
}

/** The table that holds runs, chains and unprocessed items: the single source of truth. */
export class Ledger extends Construct {
  readonly table: dynamodb.Table;
  private readonly encryptionKey?: IKey;

  constructor(scope: Construct, id: string, props: LedgerProps = {}) {
    super(scope, id);
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

  /** Plans a run: its record, its chains, the claims, among them the one that is given back when a run is refused. */
  grantPlan(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** Works through a run: claims, settlements, unprocessed items. */
  grantWork(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'PutItem', 'UpdateItem']);
  }

  /** Notes that a chain was interrupted. */
  grantInterrupt(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'UpdateItem']);
  }

  /** Adds up a run and closes it: its status, and the claim on the job. */
  grantClose(grantee: iam.IGrantable): void {
    this.grant(grantee, ['GetItem', 'Query', 'UpdateItem', 'DeleteItem']);
  }

  /** Lets people look at runs, and with a key of its own read what it encrypts. */
  grantWatch(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['GetItem', 'Query'], { key: (key) => key.grantDecrypt(grantee) });
  }

  /** Lets people change the rate of a run, and no other attribute of it or of anything else. */
  grantRate(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['UpdateItem'], {
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['run#*'] },
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'rate'] },
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
    return this.encryptionKey ? grant.combine(grantKey(this.encryptionKey)) : grant;
  }
}

import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type FunctionUrl, FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../functions/contract/names';
import { createFunction, type SharedFunctionProps, serviceOf } from './functions';

/** Requests at a time: a mailing's worth of people, and no more of whoever comes with a thousand. */
const CONCURRENCY = 10;
const SECRET_CHARACTERS = 64;

export interface UnsubscribeEndpointProps {
  /** Of the job that is the first to need it. The function's code is the same for all. */
  readonly shared: SharedFunctionProps;
  readonly ledgerTable: { readonly name: string; readonly variable: string };
}

/** Where the unsubscribe links of mails lead: a function with a URL, and the secret with which links are signed. */
export class UnsubscribeEndpoint extends Construct {
  /** `Unsubscribe`. */
  readonly fn: LambdaFunction;
  readonly url: FunctionUrl;
  /** Of whoever makes links: see docs/mail.md for how it is rotated. */
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { shared, ledgerTable }: UnsubscribeEndpointProps) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Signs the unsubscribe links of worker chains.',
      generateSecretString: { passwordLength: SECRET_CHARACTERS, excludePunctuation: true },
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Links in mails must work for a year: it is rotated by hand, with two keys.',
    });
    this.fn = createFunction(
      this,
      'Unsubscribe',
      { ...shared, service: serviceOf(this) },
      {
        environment: {
          [ledgerTable.variable]: ledgerTable.name,
          [ENVIRONMENT.unsubscribeSecret]: this.secret.secretArn,
        },
        reservedConcurrentExecutions: CONCURRENCY,
      },
    );
    this.grantSign(this.fn);
    this.url = this.fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }

  /** Allows to read the secret, and nothing else of it. */
  grantSign(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secret.secretArn],
    });
  }
}

import { CustomWidget, type CustomWidgetProps } from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../functions/contract/names';
import { createFunction, type SharedFunctionProps } from './functions';
import type { Ledger } from './ledger-storage';

export interface RunsWidgetProps {
  readonly stateMachine: StateMachine;
  readonly ledger: Ledger;
  readonly shared: SharedFunctionProps;
  /** Name of the job. */
  readonly job: string;
}

/**
 * The last runs on a dashboard, each a link to its execution: a widget of CloudWatch's own kinds cannot link what it lists.
 * The function behind it is made for the first dashboard that shows it: without a dashboard there is none.
 */
export class RunsWidget extends Construct {
  private fn?: LambdaFunction;
  /** Who may look once there is something to look at. */
  private readonly viewers: iam.IGrantable[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RunsWidgetProps,
  ) {
    super(scope, id);
  }

  /** What a dashboard shows: CloudWatch invokes the function as whoever looks, at each refresh. */
  widget(size: Pick<CustomWidgetProps, 'width' | 'height'>): CustomWidget {
    this.fn ??= this.createShowRuns();
    return new CustomWidget({
      title: 'The last runs',
      functionArn: this.fn.functionArn,
      // The list is the same at any size, whatever time the graphs show.
      updateOnResize: false,
      updateOnTimeRangeChange: false,
      ...size,
    });
  }

  /** Allows to see the widget, on a dashboard that there is or that comes later. */
  grantLook(grantee: iam.IGrantable): iam.Grant {
    if (this.fn) return allowInvoke(grantee, this.fn);
    this.viewers.push(grantee);
    return iam.Grant.drop(grantee, 'There is no dashboard yet.');
  }

  private createShowRuns(): LambdaFunction {
    const { stateMachine, ledger, shared, job } = this.props;
    const fn = createFunction(this, 'ShowRuns', shared, {
      environment: {
        [ENVIRONMENT.ledgerTable]: ledger.table.tableName,
        [ENVIRONMENT.stateMachine]: stateMachine.stateMachineArn,
        [ENVIRONMENT.job]: job,
      },
    });
    ledger.grantWatch(fn);
    iam.Grant.addToPrincipal({
      grantee: fn,
      actions: ['states:ListExecutions'],
      resourceArns: [stateMachine.stateMachineArn],
    });
    for (const viewer of this.viewers) allowInvoke(viewer, fn);
    return fn;
  }
}

/** `grantInvoke` of the CDK would allow every version and alias of it as well. */
function allowInvoke(grantee: iam.IGrantable, { functionArn }: LambdaFunction): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [functionArn] });
}

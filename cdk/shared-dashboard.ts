import { Duration } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { having, listOf, optional, requireShapes, type Shapes, text } from './shapes';
import { UnexpectedValue } from './validation';
import type { WorkerChains } from './worker-chains';

export interface WorkerChainsDashboardProps {
  /** The jobs, from top to bottom; of one account and region. At least one. */
  readonly jobs: readonly WorkerChains[];

  /**
   * Name of the dashboard, unique in the account.
   *
   * @default - CloudFormation makes one
   */
  readonly dashboardName?: string;
}

const SHAPES: Shapes<WorkerChainsDashboardProps> = {
  jobs: listOf('WorkerChains', having('WorkerChains', ['dashboardRows'])),
  dashboardName: optional(text),
};

/**
 * One dashboard for several jobs: rows each, with its alarms, its runs, its pace and what it left behind, and links to each
 * of its executions and to the runbook. Give the jobs `dashboard: false` if it is to take the place of theirs.
 *
 * @example
 * new WorkerChainsDashboard(this, 'Jobs', { jobs: [digest, statement] });
 */
export class WorkerChainsDashboard extends Construct {
  readonly dashboard: Dashboard;

  /** @throws UnexpectedValue where there is no job, or a property is of another type than its own */
  constructor(scope: Construct, id: string, props: WorkerChainsDashboardProps) {
    super(scope, id);
    requireShapes('WorkerChainsDashboard', SHAPES, props);
    const { jobs, dashboardName } = props;
    if (jobs.length === 0) throw new UnexpectedValue('Expected `jobs` to be at least one WorkerChains, got none.');
    this.dashboard = new Dashboard(this, 'Dashboard', {
      ...(dashboardName !== undefined && { dashboardName }),
      defaultInterval: Duration.hours(12),
      widgets: jobs.flatMap((job) => job.dashboardRows()),
    });
  }
}

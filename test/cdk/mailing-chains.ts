import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';

export const MAIL = { sender: 'digest@example.com' };

/** Worker chains that send mails, in a stack of this name: `job` unless `props` have another. */
export function mailingChains(job: string) {
  return (app: App, stack: string, props: Partial<WorkerChainsProps>): WorkerChains => {
    const scope = (app.node.tryFindChild(stack) as Stack | undefined) ?? new Stack(app, stack);
    const id = `Chains${scope.node.children.length}`;
    const schedule = Schedule.rate(Duration.days(1));
    return new WorkerChains(scope, id, { job, ids: { first: 1, last: 3 }, schedule, mail: MAIL, ...props });
  };
}

import { App, Validations } from 'aws-cdk-lib';
import { UnexpectedValue } from 'worker-chains/cdk';
import { readSettings } from './settings';
import { WorkerChainsStack } from './stack';

async function main(): Promise<void> {
  const app = new App();
  // The CDK's own switch for checks of the template. Loading the rules of cdk-nag takes longer than the app itself.
  if (process.env.CDK_VALIDATION !== 'false') {
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  new WorkerChainsStack(app, 'WorkerChains', {
    description: 'Scheduled mass work: worker chains that run the job weekly-digest.',
    ...readSettings(app.node),
  });
}

main().catch((error: unknown) => {
  // A wrong setting is the user's to correct: a sentence says more than a stack trace.
  console.error(error instanceof UnexpectedValue ? error.message : error);
  process.exit(1);
});

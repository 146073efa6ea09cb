import { App, Validations } from 'aws-cdk-lib';
import { SmokeStack } from './smoke-stack';

async function main(): Promise<void> {
  const app = new App();
  if (process.env.CDK_VALIDATION !== 'false') {
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  new SmokeStack(app, { sender: String(app.node.tryGetContext('sender') ?? 'smoke@example.com') });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

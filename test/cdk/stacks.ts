import { App, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WorkerChainsStack, type WorkerChainsStackProps } from '../../cdk/stack';

/** An app that leaves the handlers unbundled: what the template says does not depend on them. */
export function unbundledApp(outdir?: string): App {
  return new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
}

/** The stack that ships, with every setting of the app given. */
export const GIVEN: WorkerChainsStackProps = {
  items: 3000,
  chains: 12,
  rate: 50,
  chunkItems: 20,
  linkDuration: Duration.seconds(300),
  heartbeat: Duration.seconds(90),
  sender: 'digest@mail.example.com',
  // Nobody can send from there: without a word the schedule would be off.
  enabled: true,
};

export function shippedStack(props: Partial<WorkerChainsStackProps> = {}): WorkerChainsStack {
  return new WorkerChainsStack(unbundledApp(), 'WorkerChains', { ...GIVEN, ...props });
}

/** The one resource of a type whose logical id begins with `prefix`: `[logicalId, resource]`. */
export function resourceOf(
  template: Template,
  type: string,
  prefix: string,
): [string, { Properties: Record<string, unknown> } & Record<string, unknown>] {
  const found = Object.entries(template.findResources(type)).filter(([id]) =>
    new RegExp(`^${prefix}[0-9A-F]{8}$`).test(id),
  );
  if (found.length !== 1) throw new Error(`Expected one ${type} ${prefix}, got ${found.length}.`);
  return found[0] as [string, { Properties: Record<string, unknown> } & Record<string, unknown>];
}

export { Template };

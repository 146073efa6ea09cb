import type { FunctionConfig } from '../lambda/runtime';
import type { Resource } from './assembly';
import type { Intrinsics } from './intrinsics';
import { usedProperties } from './properties';

/**
 * The ARN of a topic.
 *
 * @throws Error where it is a FIFO topic
 */
export function readTopic(resource: Resource, intrinsics: Intrinsics): string {
  const { FifoTopic = false } = usedProperties(resource);
  if (FifoTopic === false) return intrinsics.arnOf(resource);
  throw new Error(
    `The embedded engine has standard topics only, and ${resource.logicalId} is a FIFO topic: leave FifoTopic out.`,
  );
}

/** Topics of another app or stack, which a function knows by an ARN in its variables. Taken to be there. */
export function topicsNamedBy(functions: readonly FunctionConfig[]): readonly string[] {
  return functions.flatMap(({ environment }) =>
    Object.values(environment).filter((value) => /^arn:aws[\w-]*:sns:[\w-]+:\d+:[\w-]+$/.test(value)),
  );
}

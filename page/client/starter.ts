import type { Starter } from '../view';
import { shortDateAndTime } from './format';

/** Who started an execution, in a few words. */
export function starterWords(starter: Starter): string {
  switch (starter.kind) {
    case 'schedule':
      return `Schedule${starter.schedule === undefined ? '' : ` ${starter.schedule}`}, ${shortDateAndTime(starter.scheduledFor)}`;
    case 'resumption':
      return `Resumes ${starter.of}`;
    case 'retry':
      return `Retries ${starter.of}`;
    case 'in-doubt':
      return `Repeats what was in doubt of ${starter.of}`;
    case 'hand':
      return 'By hand';
  }
}

import { renewConnections, variable } from './clients';
import { ENVIRONMENT } from './contract/names';
import { sns, stepFunctions } from './handler-clients';
import { observeNotice } from './observability';
import type { EndedEvent } from './run/tell-of-run';
import { ownSurroundings } from './wiring/own-surroundings';
import { wireTellOfRun } from './wiring/wire-tell-of-run';

/** Behind the rule of executions that end without success: tells people what happened, and what to do. */
export async function handler(event: EndedEvent): Promise<void> {
  renewConnections();
  const tellOfRun = wireTellOfRun({
    ...ownSurroundings(),
    stepFunctions: stepFunctions(),
    sns: sns(),
    topicArn: variable(ENVIRONMENT.noticeTopic),
    settings: {
      job: variable(ENVIRONMENT.job),
      stack: variable(ENVIRONMENT.stack),
      runbookUrl: variable(ENVIRONMENT.runbookUrl),
    },
  });
  observeNotice(await tellOfRun(event));
}

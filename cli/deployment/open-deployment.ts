import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../../functions/contract/clock';
import { Ledger } from '../../functions/ledger/ledger';
import { type Deployment, type DeploymentChoice, findDeployment, findDeployments } from './find-deployment';
import { USUAL_PATIENCE, waiting } from './patience';

/** A deployment, and the clients with which a command looks at it and operates it. */
export interface OpenDeployment {
  readonly deployment: Deployment;
  readonly sfn: SFNClient;
  readonly ledger: Ledger;
}

/** Whatever the commands write may be written twice. */
const SETTINGS = waiting(USUAL_PATIENCE);

/**
 * Finds the deployment with the caller's credentials, in the caller's region, or where AWS_ENDPOINT_URL says.
 *
 * @throws Failure or UsageError where it is not found
 */
export async function openDeployment(choice: DeploymentChoice): Promise<OpenDeployment> {
  const sfn = new SFNClient(SETTINGS);
  return opened(await findDeployment(choice, { sfn }), sfn);
}

/**
 * Finds all jobs of a stack, or the one that is chosen.
 *
 * @throws Failure or UsageError where there is none
 */
export async function openDeployments(choice: DeploymentChoice): Promise<readonly OpenDeployment[]> {
  const sfn = new SFNClient(SETTINGS);
  return (await findDeployments(choice, { sfn })).map((deployment) => opened(deployment, sfn));
}

function opened(deployment: Deployment, sfn: SFNClient): OpenDeployment {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(SETTINGS));
  const ledger = new Ledger({ client, tableName: deployment.tableName, clock, random: Math.random });
  return { deployment, sfn, ledger };
}

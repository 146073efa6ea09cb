/** What a seed is told by `worker-chains dev --seed FILE` about the run that is about to start. */
export interface SeedRequest {
  /** Name of the job. */
  readonly job: string;
  /** What the run is to cover: `ids` of its input. */
  readonly ids: unknown;
  /** Number of items. @default - `ids` is neither a range nor a list */
  readonly items?: number;
  /** Environment variables of the job's functions: the names of its tables and buckets, for instance. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whole number of `--random`: data that are made up at random are to be the same for the same number. */
  readonly random: number;
}

/**
 * Makes the data that a job reads on the embedded engine: the default export of the module that `--seed` names. The SDK's
 * clients find the services by themselves: `AWS_ENDPOINT_URL_*`, region and credentials are in the environment meanwhile.
 * Tables and buckets of the app are there already; objects are put as anywhere, by an `S3Client` and `PutObjectCommand`.
 *
 * @example
 * const seed: Seed = async ({ items = 0, environment }) => {
 *   const users = DynamoDBDocumentClient.from(new DynamoDBClient());
 *   for (let id = 1; id <= items; id++) {
 *     await users.send(new PutCommand({ TableName: environment.USERS_TABLE, Item: { id, email: `user.${id}@example.com` } }));
 *   }
 * };
 * export default seed;
 */
export type Seed = (request: SeedRequest) => Promise<void>;

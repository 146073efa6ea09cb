import type { Service } from '../aws-service';

/** A lib-dynamodb command, as far as the adapter looks at it. */
interface Command {
  readonly input: object;
}

/** What the domain uses of a DynamoDBDocumentClient. */
export interface DocumentClient {
  send(command: Command): Promise<Record<string, unknown>>;
}

/**
 * Makes a `Service` look like lib-dynamodb's DynamoDBDocumentClient: `send(new GetCommand(…))` calls operation `Get`.
 */
export function documentClientOver(service: Service): DocumentClient {
  return {
    async send(command) {
      const operation = command.constructor.name.replace(/Command$/, '');
      const output = await service.handle(operation, command.input as Record<string, unknown>);
      return { $metadata: {}, ...output };
    },
  };
}

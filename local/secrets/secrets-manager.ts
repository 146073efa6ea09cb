import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../functions/contract/clock';
import { notImplemented, type Service, ServiceError } from '../aws-service';

/** A secret of the template. */
export interface SecretConfig {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** What CloudFormation puts into it when it makes it. */
  readonly generate: GeneratedText;
}

export interface GeneratedText {
  /** Characters. */
  readonly length: number;
  /** Characters that it may have. */
  readonly alphabet: string;
}

export interface SecretsOptions {
  readonly clock: Clock;
  readonly secrets: readonly SecretConfig[];
}

interface Version {
  readonly id: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

interface Secret {
  readonly config: SecretConfig;
  current: Version;
  previous?: Version;
}

type Input = Record<string, unknown>;
const UNDERSTOOD: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ['SecretId', 'VersionStage'],
  PutSecretValue: ['SecretId', 'SecretString', 'ClientRequestToken'],
};

/** AWS Secrets Manager, as far as a function reads a secret and a person rotates it: texts, current and previous. */
export class SecretsManager implements Service {
  private readonly secrets: Secret[];

  constructor(private readonly options: SecretsOptions) {
    this.secrets = options.secrets.map((config) => ({ config, current: this.version(generated(config.generate)) }));
  }

  /** @throws ServiceError where it is refused; an operation or parameter that is not implemented is refused by name */
  async handle(operation: string, input: Input): Promise<Record<string, unknown>> {
    const understood = UNDERSTOOD[operation];
    if (!understood) throw notImplemented('Secrets Manager', operation);
    const stray = Object.keys(input).find((name) => input[name] !== undefined && !understood.includes(name));
    if (stray !== undefined) throw notImplemented('Secrets Manager', `${operation} with ${stray}`);
    const secret = this.find(input.SecretId);
    return operation === 'GetSecretValue' ? this.get(secret, input) : this.put(secret, input);
  }

  private get({ config, current, previous }: Secret, { VersionStage = 'AWSCURRENT' }: Input): Record<string, unknown> {
    const version = VersionStage === 'AWSCURRENT' ? current : VersionStage === 'AWSPREVIOUS' ? previous : undefined;
    if (!version) {
      throw new ServiceError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${String(VersionStage)}`,
      );
    }
    return {
      ARN: config.arn,
      Name: config.name,
      VersionId: version.id,
      SecretString: version.text,
      VersionStages: [String(VersionStage)],
      CreatedDate: version.createdAt / 1000,
    };
  }

  private put(secret: Secret, { SecretString }: Input): Record<string, unknown> {
    if (typeof SecretString !== 'string' || SecretString === '') {
      throw new ServiceError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    }
    secret.previous = secret.current;
    secret.current = this.version(SecretString);
    const { arn, name } = secret.config;
    return { ARN: arn, Name: name, VersionId: secret.current.id, VersionStages: ['AWSCURRENT'] };
  }

  private find(id: unknown): Secret {
    const secret = this.secrets.find(({ config }) => id === config.arn || id === config.name);
    if (secret) return secret;
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  private version(text: string): Version {
    const createdAt = this.options.clock.now();
    return { id: createHash('sha256').update(`${createdAt} ${text}`).digest('hex').slice(0, 32), text, createdAt };
  }
}

/** Each character as likely as the others. */
function generated({ length, alphabet }: GeneratedText): string {
  let text = '';
  const most = 256 - (256 % alphabet.length);
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < most && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import type { LocalTemplate } from '../../../local/template/local-template';
import { chainsOf, recipientsOf, synthesizedIn } from '../several-jobs';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-buckets-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Build = (stack: Stack, chains: ReturnType<typeof chainsOf>) => void;

function readWith(more: Build, stackName = 'Guest'): LocalTemplate {
  const build = (app: App) => {
    const stack = new Stack(app, stackName);
    more(stack, chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 }));
  };
  return synthesizedIn(directory, build, { bundled: false });
}

/** The bucket's name, with which the function finds it, and the other variable. */
function found(template: LocalTemplate, variable: string) {
  const [runChain] = template.functions.filter(({ logicalId }) => logicalId.startsWith('ChainsRunChain'));
  return [template.buckets.map(({ bucketName }) => bucketName), runChain?.environment[variable]] as const;
}

const variableWith =
  (value: (bucket: s3.Bucket) => string, props?: s3.BucketProps): Build =>
  (stack, chains) =>
    void chains.runChain.addEnvironment('EXPORTS', value(new s3.Bucket(stack, 'Exports', props)));

describe('a bucket that a function refers to', () => {
  it('has a name that S3 takes, made of the stack and its logical id', () => {
    const [[name, ...others], variable] = found(readWith(variableWith(({ bucketName }) => bucketName)), 'EXPORTS');
    expect(name).toMatch(/^guest-exports[0-9a-f]{8}$/);
    expect(others).toEqual([]);
    expect(variable).toBe(name);
  });

  it('has a name of 63 characters at most, and another one than its neighbour', () => {
    const stackName = `Guest${'-of-a-long-name'.repeat(6)}`;
    const template = readWith((stack, chains) => {
      for (const id of ['Exports', 'Others']) {
        chains.runChain.addEnvironment(id.toUpperCase(), new s3.Bucket(stack, id).bucketName);
      }
    }, stackName);
    const names = template.buckets.map(({ bucketName }) => bucketName);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{63}$/);
  });

  it('has the name that the app gives it, and an ARN without region and account', () => {
    const template = readWith(variableWith(({ bucketArn }) => bucketArn, { bucketName: 'acme-exports' }));
    expect(found(template, 'EXPORTS')).toEqual([['acme-exports'], 'arn:aws:s3:::acme-exports']);
  });

  it('may be encrypted, private, tidied up, and removed with its stack', () => {
    const props = {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(30) }],
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    };
    expect(found(readWith(variableWith(({ bucketName }) => bucketName, props)), 'EXPORTS')[0]).toHaveLength(1);
  });

  it.each<[string, s3.BucketProps, string]>([
    ['versions', { versioned: true }, 'VersioningConfiguration'],
    ['a web site', { websiteIndexDocument: 'index.html' }, 'WebsiteConfiguration'],
    ['transfer acceleration', { transferAcceleration: true }, 'AccelerateConfiguration'],
    ['object locks', { objectLockEnabled: true }, 'ObjectLock'],
  ])('is refused by name with %s', (_, props, property) => {
    const reading = () => readWith(variableWith(({ bucketName }) => bucketName, props));
    expect(reading).toThrow(new RegExp(`does not implement the property Exports\\w+\\.${property}`));
  });

  it('is refused with an attribute that only AWS has', () => {
    expect(() => readWith(variableWith(({ bucketRegionalDomainName }) => bucketRegionalDomainName))).toThrow(
      /does not know the attribute RegionalDomainName of Exports\w+, used in the variable EXPORTS of ChainsRunChain/,
    );
  });

  it('is refused with a name that S3 would refuse', () => {
    const props = { bucketName: 'ab' };
    expect(() =>
      readWith((stack, chains) => {
        const bucket = new s3.CfnBucket(stack, 'Exports', props);
        chains.runChain.addEnvironment('EXPORTS', bucket.ref);
      }),
    ).toThrow('Expected the name of Exports to be one that S3 takes, got ab: 3 to 63 of a-z, 0-9, points and hyphens.');
  });
});

describe('a bucket that nothing refers to', () => {
  it('is made: a job may know it by name', () => {
    const template = readWith((stack, chains) => {
      new s3.Bucket(stack, 'Exports', { bucketName: 'acme-exports' });
      chains.runChain.addEnvironment('EXPORTS', 'acme-exports');
    });
    expect(found(template, 'EXPORTS')).toEqual([['acme-exports'], 'acme-exports']);
  });

  it('is left alone where the engine does not understand it', () => {
    const template = readWith((stack) => void new s3.Bucket(stack, 'Exports', { versioned: true }));
    expect(template.buckets).toEqual([]);
  });
});

function helper(stack: Stack): lambda.Function {
  const code = lambda.Code.fromAsset(__dirname);
  return new lambda.Function(stack, 'Helper', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code });
}

describe('a bucket that notifies a function', () => {
  const notifying = (isReached: boolean) => () =>
    readWith((stack, chains) => {
      const bucket = new s3.Bucket(stack, 'Exports');
      const notified = helper(stack);
      bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new LambdaDestination(notified));
      chains.runChain.addEnvironment('EXPORTS', bucket.bucketName);
      if (isReached) chains.runChain.addEnvironment('HELPER', notified.functionName);
    });

  it('is refused by name where that function runs here: nobody would call it', () => {
    expect(notifying(true)).toThrow(/does not implement Custom::S3BucketNotifications \(ExportsNotifications/);
  });

  it('is served where that function is none of the chains’', () => {
    expect(notifying(false)().buckets).toHaveLength(1);
  });
});

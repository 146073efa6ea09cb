import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Ledger } from '../../cdk/ledger-storage';
import { JobFiles } from './job-files';
import { MAIL, mailingChains } from './mailing-chains';
import { unbundledApp } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());
const MONDAY = files.writeJob('monday');
const FRIDAY = files.writeJob('friday');
const chains = mailingChains(MONDAY);

/** Variables of RunChain of each job, as far as they are about unsubscribing. */
function linkVariables(template: Template): readonly unknown[] {
  return Object.entries(template.findResources('AWS::Lambda::Function'))
    .filter(([id]) => /RunChain[0-9A-F]{8}$/.test(id))
    .map(([, { Properties }]) => {
      const { UNSUBSCRIBE_ENDPOINT: endpoint, UNSUBSCRIBE_SECRET: secret } = Properties.Environment.Variables;
      return { endpoint, secret };
    });
}

describe('the endpoint of unsubscribe links', () => {
  const template = Template.fromStack(Stack.of(chains(unbundledApp(), 'One', {})));

  it('is open to everybody, by its URL only, and for ten requests at a time', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE' });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    });
    // Since October 2025, AWS asks for both, the second for calls that come by the URL.
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      InvokedViaFunctionUrl: true,
    });
    const open = Object.values(template.findResources('AWS::Lambda::Permission')).filter(
      ({ Properties }) => Properties.Principal === '*',
    );
    expect(open).toHaveLength(2);
    template.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 10,
      Environment: { Variables: { UNSUBSCRIBE_SECRET: Match.anyValue() } },
    });
  });

  it('has a secret that nobody has written down', () => {
    const [secret] = Object.values(template.findResources('AWS::SecretsManager::Secret'));
    expect(secret?.Properties).toMatchObject({
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
    expect(secret?.Properties).not.toHaveProperty('SecretString');
  });

  it('tells the links where it is, and of which secret', () => {
    const [url] = Object.keys(template.findResources('AWS::Lambda::Url'));
    const [secret] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    expect(linkVariables(template)).toEqual([
      { endpoint: { 'Fn::GetAtt': [url, 'FunctionUrl'] }, secret: { Ref: secret } },
    ]);
  });

  it('is one for all jobs of a ledger, also of other stacks', () => {
    const app = unbundledApp();
    const home = new Stack(app, 'Home');
    const ledger = new Ledger(home, 'Ledger');
    const first = chains(app, 'First', { ledger });
    const second = chains(app, 'Second', { ledger, job: FRIDAY });
    expect(() => app.synth()).not.toThrow();
    Template.fromStack(home).resourceCountIs('AWS::Lambda::Url', 1);
    for (const made of [first, second]) {
      const own = Template.fromStack(Stack.of(made));
      own.resourceCountIs('AWS::Lambda::Url', 0);
      own.resourceCountIs('AWS::SecretsManager::Secret', 0);
      expect(linkVariables(own)).toEqual([{ endpoint: expect.anything(), secret: expect.anything() }]);
    }
  });

  it.each([
    ['a job that sends no mail', { mail: undefined }],
    ['a job with an endpoint of its own', { mail: { ...MAIL, unsubscribe: false } }],
  ])('is not there for %s', (_, props) => {
    const without = Template.fromStack(Stack.of(chains(unbundledApp(), 'None', props)));
    without.resourceCountIs('AWS::Lambda::Url', 0);
    without.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(linkVariables(without)).toEqual([{}]);
  });
});

import type { WorkerChainsStackProps } from '../../cdk/stack';
import { shippedStack, Template } from './stacks';

interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition: unknown;
}

/** The ledger's own configuration set, whose name the deployment makes up. */
const OWN_SET = 'configuration-set/of the ledger';

function sending(props: Partial<WorkerChainsStackProps>): { resources: string[]; condition: unknown } {
  const policies = Template.fromStack(shippedStack(props)).findResources('AWS::IAM::Policy');
  const statements = Object.values(policies).flatMap(
    (policy) => policy.Properties.PolicyDocument.Statement as Statement[],
  );
  const found = statements.filter(({ Action }) => Action === 'ses:SendRawEmail');
  expect(found).toHaveLength(1);
  const resources = [found[0]?.Resource].flat().map((resource) => {
    const parts = (resource as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
    const last = parts.at(-1) as string | { readonly Ref: string };
    return typeof last === 'string' ? last.replace(/^:/, '') : OWN_SET;
  });
  return { resources, condition: found[0]?.Condition };
}

it.each([
  ['Digest@Mail.Example.COM', 'Digest@mail.example.com', 'mail.example.com'],
  ['Weekly Digest <digest@example.com>', 'digest@example.com', 'example.com'],
  ['digest@bücher.example', 'digest@xn--bcher-kva.example', 'xn--bcher-kva.example'],
])('allows the sender %s in the form that the mailer writes', (sender, address, domain) => {
  expect(sending({ sender })).toEqual({
    resources: [`identity/${domain}`, `identity/${address}`, OWN_SET],
    condition: { StringEquals: { 'ses:FromAddress': address } },
  });
});

it.each(['a@b.example, c@d.example', 'nobody', 'a@b@c.example', 'a@b.example\nBcc: c@d.example'])(
  'refuses the sender %j, as the mailer does',
  (sender) => {
    expect(() => shippedStack({ sender })).toThrow('Expected the sender to be one address');
  },
);

it.each(['digest@mail.example.com', 'mail.example.com', 'example.com', 'Example.com'])(
  'allows the identity %s and no other',
  (senderIdentity) => {
    expect(sending({ senderIdentity }).resources).toEqual([`identity/${senderIdentity.toLowerCase()}`, OWN_SET]);
  },
);

it.each(['ample.com', 'example.org', 'com', '*', 'other@mail.example.com', 'deep.mail.example.com'])(
  'refuses the identity %s, which is not the sender’s',
  (senderIdentity) => {
    expect(() => shippedStack({ senderIdentity })).toThrow(/^Expected /);
  },
);

it('allows the configuration set and the recipients of a sandbox', () => {
  const resources = sending({
    configurationSet: 'digest',
    sandboxRecipients: ['Me@Example.org', 'example.net'],
  }).resources;
  expect(resources.slice(2)).toEqual(['identity/Me@example.org', 'identity/example.net', 'configuration-set/digest']);
});

it.each([{ configurationSet: 'a/b' }, { sandboxRecipients: ['*'] }])('refuses %j, which would allow more', (props) => {
  expect(() => shippedStack(props)).toThrow(/^Expected `/);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { resourceOf, shippedStack, Template } from './stacks';

const FILE = join(__dirname, '..', '..', 'statemachine', 'worker-chains.asl.json');

let properties: { DefinitionString: string; DefinitionSubstitutions: Record<string, unknown> };
let template: Template;

beforeAll(() => {
  template = Template.fromStack(shippedStack());
  properties = resourceOf(template, 'AWS::StepFunctions::StateMachine', 'WeeklyDigestRunsStateMachine')[1]
    .Properties as typeof properties;
});

/** The definition as Step Functions receives it in a partition. */
const substituted = (partition = 'aws') =>
  properties.DefinitionString.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => {
    if (!(name in properties.DefinitionSubstitutions)) return placeholder;
    return name === 'Partition' ? partition : `arn:${partition}:lambda:us-east-1:123456789012:function:${name}`;
  });

it('inlines the committed definition, where linters see it', () => {
  expect(properties.DefinitionString).toBe(readFileSync(FILE, 'utf8'));
});

it('substitutes the partition, and every other placeholder of the definition by the function of its name', () => {
  const placeholders = new Set([...readFileSync(FILE, 'utf8').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  expect(new Set(Object.keys(properties.DefinitionSubstitutions))).toEqual(placeholders);
  const { Partition, ...functions } = properties.DefinitionSubstitutions;
  expect(Partition).toEqual({ Ref: 'AWS::Partition' });
  for (const [name, value] of Object.entries(functions)) {
    const [id] = resourceOf(template, 'AWS::Lambda::Function', `WeeklyDigest${name.replace(/FunctionArn$/, '')}`);
    expect(value).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  }
  expect(substituted()).not.toContain('${');
});

it.each(['aws', 'aws-cn', 'aws-us-gov'])('is valid Amazon States Language in the partition %s', (partition) => {
  expect(validate(JSON.parse(substituted(partition))).errorsText()).toBe('');
  const partitions = [...substituted(partition).matchAll(/"arn:([^:]*):/g)].map(([, found]) => found);
  expect(partitions.length).toBeGreaterThan(4);
  expect(new Set(partitions)).toEqual(new Set([partition]));
});

it('names no partition anywhere in the template, so that it deploys in each of them', () => {
  const template = JSON.stringify(Template.fromStack(shippedStack()).toJSON());
  expect(template.match(/arn:aws[a-z-]*:[^"]{0,60}/g) ?? []).toEqual([]);
});

it('would not be valid with a state that leads nowhere', () => {
  const leadsOn = '"Next": "RunChains"';
  expect(substituted()).toContain(leadsOn);
  expect(validate(JSON.parse(substituted().replace(leadsOn, '"Next": "Nowhere"'))).isValid).toBe(false);
});

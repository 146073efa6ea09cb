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

/** The definition as Step Functions receives it. */
const substituted = () =>
  properties.DefinitionString.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) =>
    name in properties.DefinitionSubstitutions ? `arn:aws:lambda:us-east-1:123456789012:function:${name}` : placeholder,
  );

it('inlines the committed definition, where linters see it', () => {
  expect(properties.DefinitionString).toBe(readFileSync(FILE, 'utf8'));
});

it('substitutes each placeholder of the definition by the function of its name, and knows no other', () => {
  const placeholders = new Set([...readFileSync(FILE, 'utf8').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
  expect(new Set(Object.keys(properties.DefinitionSubstitutions))).toEqual(placeholders);
  for (const [name, value] of Object.entries(properties.DefinitionSubstitutions)) {
    const [id] = resourceOf(template, 'AWS::Lambda::Function', `WeeklyDigest${name.replace(/FunctionArn$/, '')}`);
    expect(value).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  }
  expect(substituted()).not.toContain('${');
});

it('is valid Amazon States Language after substitution', () => {
  expect(validate(JSON.parse(substituted())).errorsText()).toBe('');
});

it('would not be valid with a state that leads nowhere', () => {
  const leadsOn = '"Next": "RunChains"';
  expect(substituted()).toContain(leadsOn);
  expect(validate(JSON.parse(substituted().replace(leadsOn, '"Next": "Nowhere"'))).isValid).toBe(false);
});

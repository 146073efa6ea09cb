import { SecretsManager } from '../../../local/secrets/secrets-manager';
import { VirtualClock } from '../../support/virtual-clock';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:links-local0';

function secrets(alphabet = 'abc', length = 500): SecretsManager {
  const config = { logicalId: 'Secret', name: 'links', arn: ARN, generate: { length, alphabet } };
  return new SecretsManager({ clock: new VirtualClock(), secrets: [config] });
}

describe('the embedded Secrets Manager', () => {
  it('generates a text of the length and the characters that the template asks for', async () => {
    const { SecretString, VersionStages } = await secrets().handle('GetSecretValue', { SecretId: ARN });
    expect(SecretString).toMatch(/^[abc]{500}$/);
    for (const letter of 'abc') expect(SecretString).toContain(letter);
    expect(VersionStages).toEqual(['AWSCURRENT']);
  });

  it('keeps what was put, and the text before it', async () => {
    const service = secrets();
    const first = (await service.handle('GetSecretValue', { SecretId: 'links' })).SecretString;
    await service.handle('PutSecretValue', { SecretId: ARN, SecretString: 'second' });
    expect((await service.handle('GetSecretValue', { SecretId: ARN })).SecretString).toBe('second');
    const previous = await service.handle('GetSecretValue', { SecretId: ARN, VersionStage: 'AWSPREVIOUS' });
    expect(previous.SecretString).toBe(first);
  });

  it.each([
    ['GetSecretValue', { SecretId: 'other' }, 'ResourceNotFoundException'],
    ['GetSecretValue', { SecretId: ARN, VersionStage: 'AWSPREVIOUS' }, 'ResourceNotFoundException'],
    ['PutSecretValue', { SecretId: ARN, SecretString: '' }, 'InvalidRequestException'],
  ])('refuses %s %j with %s', async (operation, input, name) => {
    await expect(secrets().handle(operation, input)).rejects.toMatchObject({ name });
  });

  it.each([
    ['DeleteSecret', { SecretId: ARN }],
    ['GetSecretValue', { SecretId: ARN, VersionId: 'v' }],
  ])('says of %s %j that it is not implemented', async (operation, input) => {
    await expect(secrets().handle(operation, input)).rejects.toThrow(operation);
  });
});

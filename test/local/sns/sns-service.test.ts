import {
  InvalidParameterException,
  NotFoundException,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { type HttpServer, startHttpServer } from '../../../local/http/aws-server';
import { type Published, Sns } from '../../../local/sns/sns-service';
import { clientOptions, FakeService } from '../http/fake-service';

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:tickets';
const published: Published[] = [];
let server: HttpServer;
let client: SNSClient;

beforeAll(async () => {
  const sns = new Sns({
    topicArns: [TopicArn],
    randomId: () => 'message-1',
    onPublish: (each) => published.push(each),
  });
  server = await startHttpServer({ port: 0, services: { sns, ses: new FakeService() } });
  client = new SNSClient(clientOptions(server.url));
});
afterAll(async () => {
  client.destroy();
  await server.close();
});
beforeEach(() => published.splice(0));

describe('the embedded SNS, asked by the SDK', () => {
  it('takes a text with its line breaks, and a subject', async () => {
    const Message = 'One run has ended.\n\n  “why” & <what> 100 %';
    expect(await client.send(new PublishCommand({ TopicArn, Subject: 'a + b', Message }))).toMatchObject({
      MessageId: 'message-1',
    });
    expect(published).toEqual([{ topicArn: TopicArn, subject: 'a + b', message: Message }]);
  });

  it.each([
    ['a subject with a line break', { Subject: 'a\nb' }],
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
    ['a subject that is no ASCII', { Subject: 'né' }],
    ['a subject that begins with a space', { Subject: ' a' }],
    ['no subject at all', { Subject: '' }],
    ['an empty message', { Message: '' }],
    ['a message above 256 KiB', { Message: 'é'.repeat(131_073) }],
  ])('refuses %s', async (_, change) => {
    const sent = client.send(new PublishCommand({ TopicArn, Subject: 's', Message: 'm', ...change }));
    await expect(sent).rejects.toBeInstanceOf(InvalidParameterException);
    expect(published).toEqual([]);
  });

  it('takes the longest that it may', async () => {
    const longest = { Subject: 'x'.repeat(99), Message: 'é'.repeat(131_072) };
    await client.send(new PublishCommand({ TopicArn, ...longest }));
    expect(published).toHaveLength(1);
  });

  it('knows the topics of the template, and no other', async () => {
    const sent = client.send(new PublishCommand({ TopicArn: `${TopicArn}-2`, Message: 'm' }));
    await expect(sent).rejects.toBeInstanceOf(NotFoundException);
  });

  it('says what it does not implement', async () => {
    await expect(client.send(new PublishCommand({ TopicArn, Message: 'm', MessageStructure: 'json' }))).rejects.toThrow(
      'Publish with MessageStructure',
    );
    await expect(client.send(new SubscribeCommand({ TopicArn, Protocol: 'email' }))).rejects.toThrow('Subscribe');
  });
});

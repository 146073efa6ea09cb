import { Agent, createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import { type HttpServer, startHttpServer } from '../../local/http/aws-server';
import { clientOptions, FakeService } from './http/fake-service';
import { InterruptibleEndpoint } from './outage';

describe('an embedded service behind it', () => {
  let service: FakeService;
  let server: HttpServer;
  let endpoint: InterruptibleEndpoint;
  let client: SESClient;

  beforeEach(async () => {
    service = new FakeService({ GetSendQuota: { MaxSendRate: 14 } });
    server = await startHttpServer({ port: 0, services: { ses: service } });
    endpoint = await InterruptibleEndpoint.open(server.port);
    client = new SESClient(clientOptions(endpoint.url));
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
    await server.close();
  });

  const quota = () => client.send(new GetSendQuotaCommand({}));

  it('is answered for as it is', async () => {
    expect(await quota()).toMatchObject({ MaxSendRate: 14 });
    expect(service.calls).toHaveLength(1);
  });

  it('refuses the connection during an outage, hears nothing of the request, and comes back under its address', async () => {
    await quota();
    const { url } = endpoint;
    await endpoint.close();
    await expect(quota()).rejects.toThrow('ECONNREFUSED');
    expect(service.calls).toHaveLength(1);
    await endpoint.reopen();
    expect(endpoint.url).toBe(url);
    expect(await quota()).toMatchObject({ MaxSendRate: 14 });
  });
});

describe('a request that is under way', () => {
  it('is still answered when the outage begins, and its connection serves no other', async () => {
    const held: ServerResponse[] = [];
    let arrived = () => {};
    const target = createServer((_, response) => {
      held.push(response);
      arrived();
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const endpoint = await InterruptibleEndpoint.open((target.address() as AddressInfo).port);
    const agent = new Agent({ keepAlive: true });
    try {
      const hasArrived = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const answer = asked(endpoint.url, agent);
      await hasArrived;
      await endpoint.close();
      held[0]?.end('late');
      expect(await answer).toBe('200 late');
      await expect(asked(endpoint.url, agent)).rejects.toThrow('ECONNREFUSED');
      expect(held).toHaveLength(1);
    } finally {
      agent.destroy();
      await endpoint.close();
      target.close();
    }
  });
});

function asked(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(`${response.statusCode} ${text}`)).once('error', reject);
    }).once('error', reject);
  });
}

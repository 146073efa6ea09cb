import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Assets } from '../../page/assets';
import { createPage } from '../../page/page-server';
import type { PageSource } from '../../page/view';

export interface ServedPage {
  readonly port: number;
  readonly origin: string;
  /** Paths of the requests that arrived. */
  readonly arrived: readonly string[];
  /** Ends every connection too, as the end of the process does. */
  close(): Promise<void>;
}

/** The page on a free loopback port. What the page leaves to others is answered 418, so that a test can tell. */
export async function servePage(source: PageSource, port = 0, assets?: () => Promise<Assets>): Promise<ServedPage> {
  const page = createPage(source, assets);
  const arrived: string[] = [];
  const server = createServer((incoming, response) => {
    arrived.push(incoming.url ?? '');
    void page(incoming, response).then((answered) => {
      if (!answered) response.writeHead(418).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    origin: `http://127.0.0.1:${address.port}`,
    arrived,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends the path as it is, `..` and all: `fetch` would tidy it up first. */
export function ask(
  port: number,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

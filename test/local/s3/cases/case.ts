import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';

/** An S3 to be judged: ours, moto's, or whatever else answers at `endpoint`. */
export interface Judged {
  readonly endpoint: string;
  readonly s3: S3Client;
  /** An empty bucket for the case alone. */
  readonly bucket: string;
}

/** One thing that S3 does. Nothing in it depends on who runs it: `check` throws an AssertionError where it is not so. */
export interface Case {
  readonly sentence: string;
  readonly check: (judged: Judged) => Promise<void>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a client signs its requests with, as far as a server has to look at it to know that S3 is meant. */
export const SIGNED: OutgoingHttpHeaders = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20261125/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
};

/** Sends exactly this, which no SDK would. */
export function send(
  endpoint: string,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body: string | Uint8Array = '',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: { ...SIGNED, ...headers }, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, body: Buffer.concat(pieces) });
      });
    });
    sent.end(body);
  });
}

/** The text of an element of an XML answer; undefined where there is none. */
export function element({ body }: RawAnswer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(body.toString())?.[1];
}

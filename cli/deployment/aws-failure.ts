import { isNativeError } from 'node:util/types';
import { Failure } from '../command-line';

const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET|EPIPE)$/;
/** Of Node.js: what answers is no HTTP, or speaks TLS otherwise, or its certificate is not trusted. */
const NOT_UNDERSTOOD = /^(EPROTO$|HPE_|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** Codes that AWS gives to credentials which it does not know, or no more. */
const REFUSED =
  /^(ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|IncompleteSignature(Exception)?|SignatureDoesNotMatch|MissingAuthenticationToken(Exception)?)$/;

/** What an error of the AWS SDK may have beside name and message. */
interface SdkError extends Error {
  readonly code?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
  readonly $fault?: string;
}

/** What a person is to know and to do about an error of the AWS SDK, in one sentence. Undefined where it is none. */
export function awsFailure(error: unknown): Failure | undefined {
  if (!isNativeError(error)) return undefined;
  const { name, code = '', $fault } = error as SdkError;
  const message = error.message.trim().replace(/\.$/, '').replaceAll(/\s+/g, ' ');
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return new Failure(
      `Expected AWS credentials, got none (${message}): log in, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  }
  if (message === 'Region is missing' || message.startsWith('Region not accepted')) {
    return new Failure('Expected a region, got none: set AWS_REGION, or AWS_PROFILE to a profile that has one.');
  }
  if (UNREACHABLE.test(code) || name === 'TimeoutError') {
    return new Failure(
      `Expected AWS to answer${placeOf(error as SdkError)}, got ${code || name}: look at AWS_REGION and AWS_ENDPOINT_URL, and whether what they name is up.`,
    );
  }
  if (code === 'ERR_INVALID_URL') {
    const { input = '' } = error as { readonly input?: string };
    return new Failure(
      `Expected the address of an endpoint, such as http://127.0.0.1:4510, got ${input}: look at AWS_ENDPOINT_URL and its like.`,
    );
  }
  if (NOT_UNDERSTOOD.test(code)) {
    return new Failure(
      `Expected AWS to answer${placeOf(error as SdkError)}, got ${code}: look at AWS_ENDPOINT_URL, whether it is http or https, and at what is trusted.`,
    );
  }
  const unreadable = unreadableAnswer(error);
  if (unreadable !== undefined) {
    return new Failure(
      `Expected AWS to answer, and ${unreadable}: look at AWS_ENDPOINT_URL, and at proxies on the way.`,
    );
  }
  if (REFUSED.test(name)) {
    return new Failure(`Expected credentials that AWS accepts, got ${name} (${message}): log in again.`);
  }
  if (/^AccessDenied(Exception)?$/.test(name)) {
    return new Failure(
      `Expected to be allowed what this command does, got ${name} (${message}): have grantWatch or grantOperate of the worker chains give it to your role.`,
    );
  }
  return $fault === undefined ? undefined : new Failure(`Expected AWS to do it, got ${name}: ${message}.`);
}

/** Of an answer that is none of AWS's: a proxy's page, or a service that is not there. The SDK would quote it. */
export function unreadableAnswer(error: Error): string | undefined {
  const { $response: response } = error as { $response?: { readonly statusCode?: number } };
  if (!error.message.includes('Deserialization error') || response === undefined) return undefined;
  return `the answer, with the status ${response.statusCode}, was none of AWS's`;
}

function placeOf({ hostname, address, port }: SdkError): string {
  const host = hostname ?? address;
  if (host === undefined) return '';
  return ` at ${host}${port === undefined ? '' : `:${port}`}`;
}

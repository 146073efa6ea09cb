/** As an SDK client throws it where the service answered with an error. */
export function sdkError(name: string, httpStatusCode: number, message = name): Error {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return Object.assign(new Error(message), { name, $fault, $metadata: { httpStatusCode } });
}

/** What an SDK client throws when no answer came. */
export function noAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

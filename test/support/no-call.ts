/** `call` of a job that has no provider but SES. */
export function noCall(name: string): Promise<never> {
  return Promise.reject(new Error(`Nobody declared the provider ${name}.`));
}

/** `call` of a job that has no provider but SES. */
export function noCall(name: string): Promise<never> {
  return Promise.reject(new Error(`Nobody declared the provider ${name}.`));
}

/** What a job's context has beside `send`, for a job that needs nothing of it. */
export const NOTHING_ELSE = {
  call: noCall,
  unsubscribeLink: ({ to }: { readonly to: string }) => `https://unsubscribe.example.com/?t=${to.length}`,
};

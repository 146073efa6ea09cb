/** Loopback names and addresses, with or without a port: `localhost:4566`, `127.0.0.1`, `[::1]:80`. */
const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

/** Whether a `Host` header names this machine itself. Any other name may be a web site's that resolves to 127.0.0.1. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

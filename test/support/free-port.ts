import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port on loopback that is free now: the functions and moto are to know each other's address before either is there. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

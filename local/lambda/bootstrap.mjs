/**
 * What runs inside an execution environment's thread: Lambda's Node.js runtime, as far as functions here can tell.
 * Plain JavaScript, because the thread starts with nothing but Node.js.
 *
 * Once the handler's promise has settled AWS freezes the environment, timers and open requests included, until the next
 * invocation. A thread cannot be frozen: here they go on.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';

const { codeDirectory, handler, functionName, functionArn, memoryMegabytes, logGroupName, logStreamName, isShared } =
  workerData;

/** Id of the invocation that runs, if any: log lines carry it. Where several run at a time, each has its own. */
let requestId;
const sharedRequestId = new AsyncLocalStorage();

// Through the port rather than the thread's own streams: those overtake or trail the messages about the invocation, and
// lose what was written just before process.exit.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, callback) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    parentPort.postMessage({ kind: 'log', requestId: isShared ? sharedRequestId.getStore() : requestId, text });
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) {
      process.nextTick(done);
    }
    return true;
  };
}

/** An error of the runtime itself; Lambda tells it by its name. */
function runtimeError(name, message) {
  const error = new Error(message);
  error.name = name;
  error.stack = `${name}: ${message}`;
  return error;
}

/** The function that `index.handler` names. */
async function loadHandler() {
  const [, moduleName, exportPath] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? [];
  if (!moduleName) {
    throw runtimeError('Runtime.MalformedHandlerName', `Bad handler '${handler}': expected file.export`);
  }
  const stem = join(codeDirectory, dirname(handler), moduleName);
  const file = ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find((path) => existsSync(path));
  if (!file) {
    throw runtimeError('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  }
  const loaded = await importBundle(file);
  const exported = exportPath.split('.').reduce((value, key) => value?.[key], loaded);
  // The named exports of a CommonJS bundle are not always visible to import().
  const found = exported ?? exportPath.split('.').reduce((value, key) => value?.[key], loaded.default);
  if (typeof found !== 'function') {
    throw runtimeError(
      'Runtime.HandlerNotFound',
      found === undefined ? `${handler} is undefined or not exported` : `${handler} is not a function`,
    );
  }
  return found;
}

async function importBundle(file) {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw runtimeError('Runtime.UserCodeSyntaxError', String(error));
    }
    if (error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND') {
      throw runtimeError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
}

/** What Lambda reports of something thrown, an Error or not. */
function describe(thrown) {
  if (types.isNativeError(thrown) || (typeof thrown?.name === 'string' && typeof thrown?.stack === 'string')) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: String(thrown.stack).split('\n') };
  }
  const reason = thrown ?? 'handled';
  try {
    return { errorType: typeof reason, errorMessage: String(reason), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'The handler threw what cannot be written as text.', trace: [] };
  }
}

function serialize(value) {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

async function run(handle, { requestId: awsRequestId, eventText, deadline }) {
  const context = {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMegabytes),
    awsRequestId,
    logGroupName,
    logStreamName,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const promise = handle(JSON.parse(eventText), context);
  if (typeof promise?.then !== 'function') {
    throw runtimeError(
      'Runtime.HandlerNotAsync',
      `Expected ${handler} to return a promise, got ${promise === null ? 'null' : typeof promise}: make the handler async.`,
    );
  }
  return serialize(await promise);
}

/** Reports what nobody caught, and ends the environment as Lambda's runtime does. */
function die(description, exitCode) {
  parentPort.postMessage({ kind: 'died', requestId, ...description });
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => die(describe(error), 129));
process.on('unhandledRejection', (reason) =>
  die({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }, 128),
);

// Loading starts with the environment; the first invocation waits for it.
const loading = loadHandler().then(
  (handle) => {
    parentPort.postMessage({ kind: 'initialized' });
    return { handle };
  },
  (error) => {
    const failure = describe(error);
    parentPort.postMessage({ kind: 'initialized', failure });
    return { failure };
  },
);

parentPort.on('message', async (invocation) => {
  const { handle, failure } = await loading;
  const { key } = invocation;
  if (!isShared) requestId = invocation.requestId;
  if (failure) {
    parentPort.postMessage({ kind: 'threw', key, ...failure });
    process.exit(1);
  }
  let answer;
  try {
    const result = isShared
      ? sharedRequestId.run(invocation.requestId, () => run(handle, invocation))
      : run(handle, invocation);
    answer = { kind: 'returned', key, payload: await result };
  } catch (thrown) {
    answer = { kind: 'threw', key, ...describe(thrown) };
  }
  parentPort.postMessage(answer);
  requestId = undefined;
});

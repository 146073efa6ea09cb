/** The door `worker-chains/cdk`: the construct and what its properties need. */
export { WorkerChains, type WorkerChainsProps } from './worker-chains';

/** A thread that helps to look at a large index. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkSlices, type Share } from './check-slices.ts';

for (const _ of checkSlices(workerData as Share));
parentPort?.postMessage('done');

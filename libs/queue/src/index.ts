export * from './bull-queue.js';
export * from './memory-queue.js';
export * from './queue-connection.js';
export * from './retry-plan.js';

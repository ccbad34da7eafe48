export * from './file-store.js';
export { keepSteps, type KeepStep } from './originals-on-disk.js';
export * from './storage-keys.js';

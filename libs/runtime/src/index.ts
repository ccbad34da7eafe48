export * from './job-intake.js';
export * from './open-runtime.js';
export { type Relay } from './outbox-relay.js';
export { type RuntimeConfig } from './runtime-config.js';
export * from './software.js';
export * from './treatment-room.js';

export * from './bounded-json.js';
export * from './read-audit.js';

export * from './accept-model.js';
export * from './model-views.js';
export * from './remove-model.js';

export * from './create-collection.js';
export * from './change-collection.js';
export * from './collection-views.js';

export * from './claim-review.js';
export * from './release-review.js';
export * from './change-acceptance.js';
export * from './decide-review.js';
export * from './undo-decision.js';
export * from './review-rows.js';
export * from './desk-view.js';
export * from './four-eyes.js';

export * from './describe-item.js';
export * from './description-history.js';
export * from './edtf-date.js';
export * from './item-rows.js';
export * from './item-view.js';
export * from './restoration-summaries.js';

export * from './layer-filter.js';
export { planLiftShadows } from './lift-shadows.js';
export { planSharpen } from './sharpen.js';

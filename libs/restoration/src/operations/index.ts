export * from './layer-filter.js';
export { planGuideColour } from './guide-colour.js';
export { planLiftShadows } from './lift-shadows.js';
export { planSharpen } from './sharpen.js';
export { planTreatFaces } from './treat-faces.js';

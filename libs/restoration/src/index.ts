export { createRestorationEngine, type RestorationEngineOptions } from './engine.js';
export { installedModels, pinOf, type InstalledModel } from './models.js';
export { featherWeights, leastPlan, planTiles, type TilePlan } from './tile-plan.js';
export { blend, compositeRegions } from './composite.js';
export { deltaE2000, labOf, lightnessOf } from './delta-e.js';
export { LabelPainter, planRegions, regionRules, type PlannedRegion } from './regions.js';

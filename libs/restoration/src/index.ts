export { createRestorationEngine, type RestorationEngineOptions } from './engine.js';
export { executionProviders, promiseOf, type Execution, type ExecutionProvider } from './execution.js';
export { installedModels, pinOf, type InstalledModel } from './models.js';
export { featherWeights, leastPlan, planTiles, type TilePlan } from './tile-plan.js';
export { blend, compositeRegions } from './composite.js';
export { deltaE2000, labOf, lightnessOf } from './delta-e.js';
export { LabelPainter, planRegions, regionRules, type PlannedRegion } from './regions.js';
export {
  checkAccepted,
  checkSignature,
  checkTextSignature,
  readReceiptFile,
  signedOver,
  signedText,
  type ReceiptFile,
  type ReceiptSignature,
  type SignatureVerdict,
} from './receipt/receipt-file.js';
export { comparePictures, tolerance, type PictureDifference } from './receipt/compare-pictures.js';
export { modelsAsPinned, type PinnedModels } from './receipt/pinned-models.js';
export { modelFaults, pinsOf, runtimeDifferences, type RuntimeDifference } from './receipt/compare-receipts.js';
export { openModelShelf } from './brought-in-models/model-shelf.js';
export { adapterNames, type AdapterName } from './models-add/adapters.js';
export {
  acceptModel,
  bringIn,
  broughtIn,
  dropBytes,
  findBroughtIn,
  moveBack,
  removeModel,
  type BroughtInReport,
  type BroughtInState,
  type MovedModel,
} from './models-add/brought-in.js';
export type { Examination } from './models-add/examination.js';

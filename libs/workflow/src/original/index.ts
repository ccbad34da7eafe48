export { AssessDamage } from './assess-damage.js';
export { CharacteriseOriginal } from './characterise-original.js';
export { GiveUpStep } from './give-up-step.js';
export { MakeDerivatives, addDerivative, thumbnailSide, type KeptFile } from './make-derivatives.js';
export { asRefusal, findOriginal, markProcessing, verifyStored } from './processing-step.js';
export { ProposeRestoration } from './propose-restoration.js';
export { RetryProcessing } from './retry-processing.js';

export { CancelRestoration } from './cancel-restoration.js';
export { ComposeAccepted, compositeVariant } from './compose-accepted.js';
export { failRestoration } from './fail-restoration.js';
export { RequestRestoration, recipeDigest } from './request-restoration.js';
export { RestoreOriginal } from './restore-original.js';

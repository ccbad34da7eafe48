export { AskPreview } from './ask-preview.js';
export { CancelRestoration } from './cancel-restoration.js';
export { ComposeAccepted, compositeVariant } from './compose-accepted.js';
export { failRestoration } from './fail-restoration.js';
export { PreviewAccepted } from './preview-accepted.js';
export { mostPreviews } from './previews.js';
export { RequestRestoration, recipeDigest } from './request-restoration.js';
export { readRestorationQueue } from './restoration-queue.js';
export { RestoreOriginal } from './restore-original.js';

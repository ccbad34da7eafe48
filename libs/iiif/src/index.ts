export {
  imageFormats,
  imageQualities,
  parseImageRequest,
  type ImageFormat,
  type ImageQuality,
  type ImageRequest,
  type ImageRequestParts,
  type RegionRequest,
  type SizeRequest,
} from './image/image-request.js';
export { resolveImageRequest, type ImageLimits, type ResolvedImageRequest } from './image/resolve-request.js';
export { imageContext, imageInfo, imageInfoMediaType, imageProfile, type ImageInfoFacts } from './image/image-info.js';
export { buildManifest, manifestMediaType, presentationContext, type ManifestJson } from './manifest/build-manifest.js';
export { navDateOf, plainValue } from './manifest/manifest-words.js';
export type {
  ManifestCanvas,
  ManifestDownload,
  ManifestFacts,
  ManifestPicture,
  ManifestProvider,
  ManifestTreatment,
} from './manifest/manifest-facts.js';
export { checkManifest } from './check/check-manifest.js';
export { manifestRules, type ManifestFault, type ManifestRule } from './check/faults.js';

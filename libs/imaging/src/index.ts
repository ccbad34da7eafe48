export { sniffBytes, sniffMedia, type SniffedMedia } from './sniff-media.js';
export { inspectIncoming, type IncomingPicture } from './inspect-incoming.js';
export { closeDecoders, decodeFully, type DecodedPicture, type DecodeOptions } from './decode-fully.js';
export { characterise, type PictureFacts } from './characterise.js';
export type { PlainJson } from './embedded-metadata.js';
export { profileDescription } from './icc-profile.js';
export { createWorkFile, openWorkFile, sealWorkFile, workBytes, workHeaderBytes, type WorkFile } from './work-file.js';
export { decodeToWorkFile } from './decode-to-work-file.js';
export {
  dominantColour,
  encodeMaster,
  encodeThumbnail,
  reduceToBytes,
  type Encoded,
  type PictureInput,
} from './encode.js';
export { encodeGreyPng, encodePalettePng, type PaletteColour } from './png.js';
export { encodePyramid, levelSizes, pyramidTile } from './pyramid/encode-pyramid.js';
export { configureImaging, imagingVersions } from './sharp-settings.js';
export {
  configureImageCutting,
  cutImage,
  findTile,
  tileBytes,
  type CutPicture,
  type ImageCut,
} from './pyramid/cut-image.js';
export { forgetPyramids, readPyramid } from './pyramid/open-pyramids.js';
export type { PyramidInfo, PyramidLevel } from './pyramid/pyramid-file.js';

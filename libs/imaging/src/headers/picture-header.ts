/** What a file's header claims, before any pixel is decoded. */
export interface PictureHeader {
  /** Stored size: the orientation tag is not applied. */
  readonly width: number;
  readonly height: number;
  /** Pictures in the file: directories of a TIFF, frames of an animation. */
  readonly pages: number;
  /** True where the format decodes row by row, so that memory does not grow with the height. */
  readonly sequential: boolean;
  readonly bands: number;
  readonly bitsPerSample: number;
}

/** Thrown by the header readers where the bytes contradict their own format; the message ends a sentence. */
export class HeaderFault extends Error {
  override readonly name = 'HeaderFault';
}

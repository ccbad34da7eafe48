import { intakeLimits } from '@albumen/domain';
import sharp from 'sharp';

sharp.cache(false);
sharp.concurrency(1);

/**
 * Sets how many threads libvips uses per picture in this process (1 unless told otherwise); the operation cache stays
 * off, because it holds memory and file handles of pictures that nobody asks for again.
 */
export function configureImaging(settings: { readonly concurrency: number }): void {
  sharp.concurrency(settings.concurrency);
}

/** Versions of the decoder, for receipts. */
export const imagingVersions: Readonly<{ sharp: string; vips: string }> = {
  sharp: sharp.versions.sharp ?? 'unknown',
  vips: sharp.versions.vips,
};

export { sharp };

/** Pixels that any reading here accepts at most: the limit of intake, so that a file that came another way is refused too. */
export const pixelLimit = intakeLimits.maxPixelsSequential;

import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamageReport } from '@albumen/domain';
import { decodeToWorkFile, type WorkFile } from '@albumen/imaging';
import { assess } from '../child/assess.js';
import type { ChildContext } from '../child/context.js';
import { Strips, type Samples } from '../picture/strips.js';
import { leaves, scratch, scratchFolder, toSamples, writePicture, type MadeShape } from './pictures.js';

/** A drawn picture that was written and measured: what recipes are run on. */
export interface Measured {
  readonly shape: MadeShape;
  readonly input: string;
  readonly samples: Samples;
  readonly maskPath: string;
  readonly report: DamageReport;
  readonly folder: string;
}

/** How a picture is drawn: leaves of a seed, scratched where asked, with a colour profile where one is given. */
export interface Drawing {
  readonly shape: MadeShape;
  readonly seed: number;
  readonly scratched: boolean;
  readonly icc?: Uint8Array | null;
}

/** Draws a picture, writes it and measures it. */
export async function measured(drawing: Drawing, context: ChildContext): Promise<Measured> {
  const { shape, seed, scratched, icc = null } = drawing;
  const rgb = leaves(shape.width, shape.height, seed, 1.4);
  if (scratched) scratch(rgb, shape.width, shape.height, seed + 1);
  const samples = toSamples(rgb, shape);
  const folder = await scratchFolder();
  const input = await writePicture(folder, 'input', samples, shape, icc);
  const into = join(folder, 'assess');
  await mkdir(into);
  const { maskPath, report } = await assess({ input, into, tell: () => undefined }, context);
  return { shape, input, samples, maskPath, report, folder };
}

/** What a run of a recipe is asked for on a measured picture, into a folder of its own. */
export async function runOn({ folder, input, maskPath, report }: Measured): Promise<{
  readonly input: string;
  readonly maskPath: string;
  readonly report: DamageReport;
  readonly into: string;
  readonly tell: () => void;
}> {
  return { input, maskPath, report, into: await mkdtemp(join(folder, 'run-')), tell: () => undefined };
}

/** The samples of a picture file. */
export async function decoded(path: string): Promise<{ readonly samples: Samples; readonly work: WorkFile }> {
  const work = await decodeToWorkFile(path, join(await scratchFolder(), 'back.v'));
  const strips = await Strips.open(work);
  const samples = await strips.read(0, work.height);
  await strips.close();
  return { samples, work };
}

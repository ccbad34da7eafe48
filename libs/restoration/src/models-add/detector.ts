import { adapters, pictureTensor, type PictureTensor, type Signature } from './adapters.js';
import { flatPicture, probePicture, type ProbePicture } from './probe-pictures.js';
import type { OnnxHeader } from './onnx-header.js';
import type { ProbeReport } from './probe.js';

/** Strides of the three maps of a YuNet, and how many numbers each cell has in its tensors. */
export const detectorStrides = [8, 16, 32] as const;
export const detectorWidths = { cls: 1, obj: 1, bbox: 4, kps: 10 } as const;
type DetectorTensor = `${keyof typeof detectorWidths}_${(typeof detectorStrides)[number]}`;

export const detectorOutputs = detectorStrides.flatMap((stride) =>
  (Object.keys(detectorWidths) as (keyof typeof detectorWidths)[]).map((name): DetectorTensor => `${name}_${stride}`),
);

/** What one run gives, by tensor. */
export type DetectorAnswer = Readonly<
  Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>
>;

/** The signature of a detector: one picture in, twelve tensors by the names of YuNet; or why the header does not fit. */
export function detectorSignature(header: OnnxHeader): Signature | string {
  const [input] = header.inputs;
  if (input === undefined || header.inputs.length !== 1)
    return `expected 1 input for detector-yunet but received ${header.inputs.length}`;
  if (header.outputs.length !== detectorOutputs.length)
    return `expected ${detectorOutputs.length} outputs for detector-yunet but received ${header.outputs.length}`;
  const missing = detectorOutputs.filter((name) => !header.outputs.some((output) => output.name === name));
  if (missing.length > 0) return `expected the outputs ${missing.join(', ')} for detector-yunet but they are missing`;
  const image = pictureTensor(input, 'detector-yunet');
  if (typeof image === 'string') return image;
  if (image.channels !== 3 || image.element !== 'float32' || image.layout !== 'NCHW')
    return `expected three planes of float32 for ${image.name} of detector-yunet`;
  return {
    image,
    mask: null,
    output: { name: detectorOutputs[0] as string, element: 'float32', layout: 'NHWC', channels: 1 },
  };
}

/** The side at which a detector is run. */
export function detectorSide(image: PictureTensor): { readonly width: number; readonly height: number } {
  const { side } = adapters['detector-yunet'];
  return { width: image.width ?? side, height: image.height ?? side };
}

/**
 * Tries a detector on drawn pictures without faces: shapes, numbers that are none, scores outside 0..1, repeats. Whether it
 * takes blue first and 0..255, and whether it finds faces, cannot be measured without faces.
 */
export async function probeDetector(
  run: (picture: ProbePicture) => Promise<DetectorAnswer>,
  signature: Signature,
): Promise<ProbeReport> {
  const size = detectorSide(signature.image);
  const faults: string[] = [];
  const fault = (words: string): void => {
    if (!faults.includes(words)) faults.push(words);
  };
  if (size.width % 32 !== 0 || size.height % 32 !== 0)
    fault(`expected a size that is a multiple of 32 but received ${size.width}×${size.height}`);
  let answers: [number, number] = [Infinity, -Infinity];
  const look = (answer: DetectorAnswer): void => {
    for (const stride of detectorStrides)
      for (const [name, width] of Object.entries(detectorWidths)) {
        const tensor = answer[`${name}_${stride}`];
        const cells = (size.width / stride) * (size.height / stride);
        if (tensor === undefined || tensor.data.length !== cells * width) {
          fault(
            `expected ${cells} × ${width} numbers in ${name}_${stride} but received ${tensor?.data.length ?? 'none'}`,
          );
          continue;
        }
        if (!tensor.data.every(Number.isFinite)) fault('its answers hold numbers that are none (NaN or infinite)');
        if (name !== 'cls' && name !== 'obj') continue;
        const [least, most] = tensor.data.reduce(
          ([low, high], value) => [Math.min(low, value), Math.max(high, value)] as [number, number],
          [Infinity, -Infinity] as [number, number],
        );
        if (least < -0.01 || most > 1.01) fault(`expected scores of 0 to 1 but received ${least} to ${most}`);
        answers = [Math.min(answers[0], least), Math.max(answers[1], most)];
      }
  };
  const picture = levels(probePicture(size.width, size.height, 3));
  const first = await run(picture);
  look(first);
  const begun = performance.now();
  const second = await run(picture);
  const seconds = (performance.now() - begun) / 1000;
  let repeatDifference = 0;
  for (const name of detectorOutputs) {
    const [a, b] = [first[name]?.data, second[name]?.data];
    if (a === undefined || b === undefined) continue;
    for (let at = 0; at < a.length; at++)
      repeatDifference = Math.max(repeatDifference, Math.abs((a[at] as number) - (b[at] as number)));
  }
  if (repeatDifference > 1e-3) fault('two equal runs differ');
  for (const value of [0, 1]) look(await run(levels(flatPicture(size.width, size.height, 3, value))));
  return {
    scale: 1,
    range: '0..255',
    outputRange: '0..1',
    rangeMeasured: false,
    multiple: 32,
    fixedSize: size,
    margin: null,
    channelOrder: 'not-measured',
    hole: null,
    repeatDifference,
    answers,
    outputChannels: 1,
    secondsPerMegapixel: seconds / ((size.width * size.height) / 1e6),
    faults,
    warnings: ['it was tried on pictures without faces: whether it finds any was not measured'],
  };
}

/** A drawn picture in levels of 255. */
function levels(picture: ProbePicture): ProbePicture {
  return { ...picture, data: picture.data.map((value) => value * 255) };
}

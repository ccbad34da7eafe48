import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { signatureOf, type PictureTensor, type Signature } from './adapters.js';
import { detectorSignature, probeDetector, type DetectorAnswer } from './detector.js';
import type { Examination, ExaminationAsked, ExaminerMessage } from './examination.js';
import { readOnnxHeader } from './onnx-header.js';
import { probeNet, type ProbedNet, type ProbeReport } from './probe.js';
import type { ProbePicture } from './probe-pictures.js';

/**
 * A process of its own that reads, loads and tries one model file, which is not trusted: its parent limits its memory and
 * its time. It takes one `ExaminationAsked` by IPC, answers once and ends.
 */
const version = (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;

function tell(message: ExaminerMessage): void {
  process.send?.(message);
}

async function examine({ path, adapter, threads }: ExaminationAsked): Promise<Examination> {
  tell({ type: 'stage', words: 'header' });
  const file = await readFile(path);
  const header = readOnnxHeader(file);
  const faults = [...header.objections];
  const signature = adapter === 'detector-yunet' ? detectorSignature(header) : signatureOf(header, adapter);
  if (typeof signature === 'string') faults.push(signature);
  const found = { header, signature: typeof signature === 'string' ? null : signature, onnxruntime: version };
  const unrun = { ...found, probes: null, loadSeconds: 0, warnings: [] };
  if (typeof signature === 'string' || faults.length > 0) return { ...unrun, peakMegabytes: peakMegabytes(), faults };
  tell({ type: 'stage', words: 'load' });
  const begun = performance.now();
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch (error) {
    return { ...unrun, peakMegabytes: peakMegabytes(), faults: [`the runtime cannot load it (${firstLine(error)})`] };
  }
  const loadSeconds = (performance.now() - begun) / 1000;
  let probes: ProbeReport | null = null;
  try {
    const say = (words: string): void => tell({ type: 'stage', words });
    probes =
      adapter === 'detector-yunet'
        ? await probeDetector((picture) => detect(session, signature.image, picture), signature)
        : await probeNet(new SessionNet(session, signature), signature, adapter, say);
    faults.push(...probes.faults);
  } catch (error) {
    faults.push(`it fails when it is run (${firstLine(error)})`);
  }
  return {
    ...found,
    probes,
    loadSeconds,
    peakMegabytes: peakMegabytes(),
    faults,
    warnings: probes?.warnings ?? [],
  };
}

/** A session that takes and gives interleaved pictures, whatever the order of its axes. */
class SessionNet implements ProbedNet {
  constructor(
    private readonly session: InferenceSession,
    private readonly signature: Signature,
  ) {}

  async run(picture: ProbePicture, mask: ProbePicture | null, number: number | null): Promise<ProbePicture> {
    const { image, mask: maskTensor, scalar, output } = this.signature;
    const feeds: Record<string, Tensor> = { [image.name]: tensorOf(picture, image) };
    if (maskTensor !== null && mask !== null) {
      const full = maskTensor.element === 'uint8' ? 255 : 1;
      feeds[maskTensor.name] = tensorOf({ ...mask, data: mask.data.map((value) => value * full) }, maskTensor);
    }
    if (scalar && number !== null)
      feeds[scalar.name] =
        scalar.element === 'float64'
          ? new Tensor('float64', Float64Array.of(number), scalar.shape)
          : new Tensor('float32', Float32Array.of(number), scalar.shape);
    const made = (await this.session.run(feeds))[output.name];
    if (made === undefined || made.dims.length !== 4) throw new TypeError('its answer is no picture of 4 axes');
    const [, second = 0, third = 0, fourth = 0] = made.dims;
    const planar = output.layout === 'NCHW';
    const [channels, height, width] = planar ? [second, third, fourth] : [fourth, second, third];
    const given = made.data;
    if (!(given instanceof Uint8Array) && !(given instanceof Float32Array))
      throw new TypeError(`its answer is of type ${made.type}`);
    const data = new Float32Array(given.length);
    for (let pixel = 0; pixel < width * height; pixel++)
      for (let channel = 0; channel < channels; channel++)
        data[pixel * channels + channel] = given[
          planar ? channel * width * height + pixel : pixel * channels + channel
        ] as number;
    return { width, height, channels, data };
  }
}

/** One run of a detector; the picture is in levels of 255, and YuNet takes blue first. */
async function detect(session: InferenceSession, image: PictureTensor, picture: ProbePicture): Promise<DetectorAnswer> {
  const made = await session.run({ [image.name]: tensorOf(picture, image) });
  return Object.fromEntries(
    Object.entries(made).map(([name, { data, dims, type }]) => {
      if (!(data instanceof Float32Array)) throw new TypeError(`its answer ${name} is of type ${type}`);
      return [name, { data, dims }];
    }),
  );
}

function tensorOf(picture: ProbePicture, { layout, element }: PictureTensor): Tensor {
  const { width, height, channels, data } = picture;
  const into = element === 'uint8' ? new Uint8Array(data.length) : new Float32Array(data.length);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < channels; channel++)
      into[layout === 'NCHW' ? channel * width * height + pixel : pixel * channels + channel] = data[
        pixel * channels + channel
      ] as number;
  const shape = layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels];
  return into instanceof Uint8Array ? new Tensor('uint8', into, shape) : new Tensor('float32', into, shape);
}

/** Node gives kilobytes. */
function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}

if (process.send === undefined) {
  process.stderr.write('Expected an IPC channel: the examination of models starts this file itself.\n');
  process.exit(2);
}
process.on('message', (asked: ExaminationAsked) => {
  examine(asked)
    .then(
      (examination) => tell({ type: 'done', examination }),
      (error: unknown) => tell({ type: 'no-model', detail: firstLine(error) }),
    )
    .finally(() => process.disconnect());
});
process.on('disconnect', () => process.exit(0));

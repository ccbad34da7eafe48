import { InferenceSession, Tensor } from 'onnxruntime-node';
import { refuse } from '@albumen/domain';
import { thresholdOf, type InstalledModel } from '../models.js';
import { openOnProcessor } from '../processor-session.js';

/** What one run of the net says, one cell per 4×4 pixels, row by row. */
export interface FaceMaps {
  readonly rows: number;
  readonly columns: number;
  /** 0..1 per cell: how sure the net is that the middle of a face lies here; 0 beside a larger value. */
  readonly heat: Float32Array;
  /** Four per cell: x, y, width, height in pixels of the picture that was given. */
  readonly boxes: Float32Array;
  /** Ten per cell: x, y of left eye, right eye, nose, left and right corner of the mouth, in the same pixels. */
  readonly landmarks: Float32Array;
}

/** A face net ready to run on grey pictures of any size. */
export interface FaceNet {
  run(grey: Uint8Array, width: number, height: number): Promise<FaceMaps>;
}

/** Names of the outputs of the installed net, as `models/faces` writes them. */
const outputs = { heat: 'heat', boxes: 'boxes', landmarks: 'landmarks' } as const;

/** Score from which a finding counts, as chosen on validation scenes when the net was released. */
export function faceThreshold(model: InstalledModel): number {
  return thresholdOf(model, 'face');
}

/**
 * Loads the installed net. Refuses `model.missing`, `model.digest-differs`, `restoration.engine-failed`; a run refuses
 * `restoration.output-not-sane` where the net answers other shapes than it should.
 */
export async function openFaceNet(model: InstalledModel, threads = 1): Promise<FaceNet> {
  return new OpenFaceNet(model, await openOnProcessor(model, threads));
}

class OpenFaceNet implements FaceNet {
  constructor(
    private readonly model: InstalledModel,
    private readonly session: InferenceSession,
  ) {}

  async run(grey: Uint8Array, width: number, height: number): Promise<FaceMaps> {
    const made = await this.session.run({ [this.model.input]: new Tensor('uint8', grey, [1, height, width, 1]) });
    const heat = this.#plane(made[outputs.heat], outputs.heat, 3);
    const [, rows = 0, columns = 0] = heat.dims;
    const cells = rows * columns;
    const boxes = this.#plane(made[outputs.boxes], outputs.boxes, 4);
    const landmarks = this.#plane(made[outputs.landmarks], outputs.landmarks, 4);
    if (rows * 4 < height || columns * 4 < width)
      throw this.#notSane(`${rows}×${columns} cells for ${height}×${width}`);
    if (heat.data.length !== cells || boxes.data.length !== cells * 4 || landmarks.data.length !== cells * 10)
      throw this.#notSane(
        `heat ${heat.dims.join('×')}, boxes ${boxes.dims.join('×')}, landmarks ${landmarks.dims.join('×')}`,
      );
    return { rows, columns, heat: heat.data, boxes: boxes.data, landmarks: landmarks.data };
  }

  #plane(
    tensor: Tensor | undefined,
    name: string,
    rank: number,
  ): { readonly data: Float32Array; readonly dims: readonly number[] } {
    if (tensor === undefined || tensor.dims.length !== rank || !(tensor.data instanceof Float32Array))
      throw this.#notSane(`${name}: ${tensor === undefined ? 'nothing' : `${tensor.type} ${tensor.dims.join('×')}`}`);
    return { data: tensor.data, dims: tensor.dims };
  }

  #notSane(detail: string): Error {
    return refuse('restoration.output-not-sane', { operation: this.model.id, detail });
  }
}

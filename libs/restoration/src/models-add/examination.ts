import type { AdapterName, Signature } from './adapters.js';
import type { OnnxHeader } from './onnx-header.js';
import type { ProbeReport } from './probe.js';

/** What the parent asks the examining process. */
export interface ExaminationAsked {
  readonly path: string;
  readonly adapter: AdapterName;
  readonly threads: number;
}

/** What was found out about a model file. */
export interface Examination {
  readonly header: OnnxHeader;
  /** Null where header and adapter do not fit. */
  readonly signature: Signature | null;
  /** Null where it was not run. */
  readonly probes: ProbeReport | null;
  /** Version of the runtime that ran it. */
  readonly onnxruntime: string;
  readonly loadSeconds: number;
  /** Largest resident memory of the process that examined it, MB. */
  readonly peakMegabytes: number;
  /** Why the model is refused; empty where nothing was found. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** Examining process to parent. */
export type ExaminerMessage =
  | { readonly type: 'stage'; readonly words: string }
  | { readonly type: 'done'; readonly examination: Examination }
  | { readonly type: 'no-model'; readonly detail: string };

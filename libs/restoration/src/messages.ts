import type { AcceptedSet, DamageReport, EngineProgress, ErrorCode, ErrorDetails, Recipe } from '@albumen/domain';
import type { Execution } from './execution.js';

/** What the parent asks a child to compute. */
export type ChildTask =
  | { readonly kind: 'assess'; readonly input: string; readonly into: string }
  | {
      readonly kind: 'restore';
      readonly input: string;
      readonly into: string;
      readonly recipe: Recipe;
      readonly maskPath: string;
      readonly report?: DamageReport;
    }
  | {
      readonly kind: 'compose';
      readonly input: string;
      readonly into: string;
      readonly recipe: Recipe;
      readonly maskPath: string;
      readonly report?: DamageReport;
      readonly accepted: AcceptedSet;
    };

/** Parent to child. */
export interface ChildRequest {
  readonly id: number;
  readonly task: ChildTask;
  /** By what its nets are run. */
  readonly execution: Execution;
}

/** Child to parent. `beat` is sent every second in which the child's event loop turned. */
export type ChildMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'beat' }
  | { readonly type: 'progress'; readonly id: number; readonly progress: EngineProgress }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly code: ErrorCode; readonly details: ErrorDetails }
  | { readonly type: 'failed'; readonly id: number; readonly detail: string };

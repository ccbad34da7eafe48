import { availableParallelism } from 'node:os';
import { installedModels, type InstalledModel } from '../models.js';
import { NetCache } from './nets.js';
import type { EngineProgress } from '@albumen/domain';

/** What the runs of one child share. */
export interface ChildContext {
  readonly modelsDir: string;
  readonly broughtInDir?: string | undefined;
  readonly threads: number;
  readonly nets: NetCache;
}

/** One run's paths and its way to tell progress. */
export interface ChildRun {
  readonly input: string;
  readonly into: string;
  readonly tell: (progress: EngineProgress) => void;
}

/** Makes the context of a child; sessions use all cores unless told otherwise. */
export function childContext(
  modelsDir: string,
  threads: number | undefined,
  broughtInDir?: string | undefined,
): ChildContext {
  const count = threads ?? availableParallelism();
  return { modelsDir, broughtInDir, threads: count, nets: new NetCache(count) };
}

/** Models as installed now: read anew for every run, so that a model added meanwhile is seen. */
export function modelsOf(context: ChildContext): Promise<ReadonlyMap<string, InstalledModel>> {
  return installedModels(context.modelsDir, context.broughtInDir);
}

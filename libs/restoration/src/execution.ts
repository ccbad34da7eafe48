/** Where onnxruntime computes: `cpu` is always there, the others need hardware and libraries of the machine. */
export const executionProviders = ['cpu', 'cuda', 'webgpu'] as const;
export type ExecutionProvider = (typeof executionProviders)[number];

/** Which provider nets are run by. `fallsBack`: where it cannot start, the processor computes, and the receipt says so. */
export interface Execution {
  readonly provider: ExecutionProvider;
  readonly fallsBack: boolean;
}

/** The processor: the one provider for which the same bytes are promised again. */
export const onProcessor: Execution = { provider: 'cpu', fallsBack: false };

/** What a receipt can promise: the same bytes, or a picture within the tolerance of a comparison. */
export function promiseOf(runtime: { readonly provider: string }): 'bytes' | 'tolerance' {
  return runtime.provider === 'cpu' ? 'bytes' : 'tolerance';
}

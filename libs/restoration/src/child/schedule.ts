import { factsOf, operationNames, storedVariants, variantName, type Operation } from '@albumen/domain';

/** One piece of work of a proposal. Variants are named as in `variantName`; '' is the original. */
export type Task =
  | {
      readonly kind: 'make';
      readonly operation: Operation;
      readonly from: string;
      readonly variant: string;
      /** The same step on the picture without repairs, which shares all that no region touches. */
      readonly twin: { readonly from: string; readonly variant: string } | null;
    }
  | { readonly kind: 'encode'; readonly variant: string }
  /** The picture's own change, step against step; null: the whole proposal against the original. */
  | {
      readonly kind: 'compare';
      readonly operations: readonly (Operation | null)[];
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: 'master'; readonly variant: string }
  | { readonly kind: 'free'; readonly variant: string };

/** Name of the variant that holds everything the steps propose. */
export function wholeVariant(steps: readonly Operation[]): string {
  return variantName({ regions: steps.some((name) => factsOf(name).kind === 'region'), operations: steps });
}

/**
 * The operation that a letter of a variant's name stands for; for the letter of regions the first of `steps` that has them:
 * all regions of a recipe are made together.
 */
export function operationOf(letter: string, steps: readonly Operation[] = operationNames): Operation {
  const found = operationNames.find((name) => factsOf(name).letter === letter && steps.includes(name));
  if (found === undefined) throw new RangeError(`Expected the letter of an operation but received ${letter}`);
  return found;
}

/**
 * All work of a proposal in the order in which it is done: every stored variant is made from the one before it, looked at
 * and encoded at once, and thrown away as soon as nothing is made from it any more, so that no more work files lie on the
 * disk than the longest chain needs. What a net has made is never made twice.
 */
export function scheduleProposal(steps: readonly Operation[]): readonly Task[] {
  const stored = new Set(storedVariants(steps));
  const whole = wholeVariant(steps);
  const needed = new Set<string>();
  for (const name of stored) for (let end = 1; end <= name.length; end++) needed.add(name.slice(0, end));
  const childrenOf = (variant: string): string[] =>
    [...needed]
      .filter((name) => name.length === variant.length + 1 && name.startsWith(variant))
      .sort((a, b) => places(a) - places(b));
  const tasks: Task[] = [];
  const made = new Set<string>();
  const make = (from: string, variant: string): void => {
    if (made.has(variant)) return;
    const operation = operationOf(variant.slice(-1), steps);
    const twinName = operation === 'reduce-noise' && from === 'r' && needed.has('n') ? 'n' : null;
    tasks.push({
      kind: 'make',
      operation,
      from,
      variant,
      twin: twinName === null ? null : { from: '', variant: twinName },
    });
    made.add(variant);
    if (twinName !== null) made.add(twinName);
  };
  const look = (from: string, variant: string): void => {
    if (stored.has(variant)) tasks.push({ kind: 'encode', variant });
    if (!whole.startsWith(variant)) return;
    const operation = operationOf(variant.slice(-1), steps);
    const operations: (Operation | null)[] = factsOf(operation).kind === 'layer' ? [operation] : [];
    // A layer whose input is the original and whose output is the proposal is the whole change.
    if (variant === whole && from === '') operations.push(null);
    if (operations.length > 0) tasks.push({ kind: 'compare', operations, before: from, after: variant });
    if (variant !== whole) return;
    if (from !== '') tasks.push({ kind: 'compare', operations: [null], before: '', after: whole });
    tasks.push({ kind: 'master', variant: whole });
  };
  const visit = (variant: string): void => {
    for (const child of childrenOf(variant)) {
      make(variant, child);
      look(variant, child);
      visit(child);
      tasks.push({ kind: 'free', variant: child });
    }
  };
  visit('');
  return tasks;
}

function places(name: string): number {
  return operationNames.indexOf(operationOf(name.slice(-1)));
}

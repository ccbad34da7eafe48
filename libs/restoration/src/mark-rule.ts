import { damageClasses, refuse, type DamageClass } from '@albumen/domain';

/** How a mark is drawn tighter. Lengths in pixels, levels of 255. */
export interface OutlineRule {
  /** A pixel belongs to a mark if it differs from its surroundings by this share of what the mark does on average. */
  readonly share: number;
  /** A mark that differs by less than this many levels keeps the outline that the net gave it. */
  readonly least: number;
  /** Half sides of the squares in which the surroundings are averaged; the wider where the nearer holds too little. */
  readonly near: number;
  readonly wide: number;
  /** Share of the nearer square that must lie outside of all marks. */
  readonly free: number;
}

/** How what a damage net says becomes marks, as chosen when the net was released. */
export interface MarkRule {
  /**
   * What the logits of the half-size pass lose before the larger probability is taken, by class: doubled, a fine line is
   * twice as wide as it is, so at half size a scratch must be much more certain to count.
   */
  readonly halfSizeLoss: Readonly<Record<DamageClass, number>>;
  readonly outline: OutlineRule;
}

/** The rule in what a `model.json` says under `marks`. Throws `TypeError` where a number is missing or is none. */
export function markRuleFrom(facts: unknown): MarkRule {
  const { halfSizeLoss, outline } = facts as { readonly halfSizeLoss?: unknown; readonly outline?: unknown };
  return {
    halfSizeLoss: numbers(halfSizeLoss, damageClasses, 'marks.halfSizeLoss'),
    outline: numbers(outline, ['share', 'least', 'near', 'wide', 'free'], 'marks.outline'),
  };
}

/** The rule of an installed damage net. Refuses `model.missing` where its description has none. */
export function markRuleOf(model: {
  readonly id: string;
  readonly version: string;
  readonly marks?: MarkRule;
}): MarkRule {
  if (model.marks !== undefined) return model.marks;
  throw refuse('model.missing', { model: `${model.id} ${model.version}: its description has no rule for marks` });
}

function numbers<Name extends string>(facts: unknown, names: readonly Name[], where: string): Record<Name, number> {
  const entries = names.map((name): [Name, number] => {
    const value = (facts as Partial<Record<string, unknown>> | undefined)?.[name];
    if (typeof value !== 'number' || !(value >= 0))
      throw new TypeError(`Expected a number for ${where}.${name} in model.json but received ${JSON.stringify(value)}`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Record<Name, number>;
}

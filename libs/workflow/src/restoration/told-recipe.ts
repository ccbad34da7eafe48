import { canonicalJson, type ReceiptBody, type Recipe } from '@albumen/domain';
import { recipeDigest } from './recipe-digest.js';

const veiled = /^salted:[0-9a-f]{64}$/;

/**
 * A recipe as it may be told outside: what a person wrote about the evidence for a colour stays in it only where it was
 * marked as public, else a salted digest stands in its place. Nothing that a run reads is changed, so the same pixels come
 * of it. Telling it twice changes nothing.
 */
export function toldRecipe(recipe: Recipe, veil: (value: string) => string): Recipe {
  return {
    ...recipe,
    steps: recipe.steps.map(({ hints, ...step }) => ({
      ...step,
      ...(hints
        ? {
            hints: hints.map((hint) =>
              hint.notePublic || veiled.test(hint.note) ? hint : { ...hint, note: veil(hint.note) },
            ),
          }
        : {}),
    })),
  };
}

/**
 * A receipt as it may be told outside: its recipe is the told one, and so is the digest that names it. The very same
 * receipt where it tells nothing else already.
 */
export function toldReceipt<R extends Pick<ReceiptBody, 'recipe'>>(
  receipt: R,
  veil: (value: string) => string,
): R & Pick<ReceiptBody, 'recipeSha256'> {
  const recipe = toldRecipe(receipt.recipe as Recipe, veil);
  return { ...receipt, recipe, recipeSha256: recipeDigest(recipe) };
}

/** True where a stored receipt says more than may be told: it was signed before notes could be kept back. */
export function tellsTooMuch(receipt: Pick<ReceiptBody, 'recipe'>, veil: (value: string) => string): boolean {
  return canonicalJson(toldRecipe(receipt.recipe as Recipe, veil)) !== canonicalJson(receipt.recipe);
}

import { createHash } from 'node:crypto';
import { canonicalJson, type Recipe } from '@albumen/domain';

/** The digest that names a recipe: SHA-256 of its canonical JSON with all mark-up, hex; of `toldRecipe`, wherever it is shown. */
export const recipeDigest = (recipe: Recipe): string =>
  createHash('sha256').update(canonicalJson(recipe)).digest('hex');

/** Sizes of the pictures in a grid. */
export type Density = 'small' | 'middle' | 'large';
export interface Look {
  readonly density: Density;
  readonly table: boolean;
}
const rememberedAt = 'albumen.collection.look';

/** How this person looked at a collection last; stays across days. */
export function rememberedLook(): Look {
  try {
    const look = JSON.parse(localStorage.getItem(rememberedAt) ?? '{}') as Partial<Look>;
    const density = look.density === 'small' || look.density === 'large' ? look.density : 'middle';
    return { density, table: look.table === true };
  } catch {
    return { density: 'middle', table: false };
  }
}

export function rememberLook(look: Look): void {
  try {
    localStorage.setItem(rememberedAt, JSON.stringify(look));
  } catch (fault) {
    console.warn('The look of collections could not be remembered', fault);
  }
}

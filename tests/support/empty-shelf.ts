import { modelKey, refuse, type ModelShelf } from '@albumen/domain';

/** A shelf without any model. */
export const emptyShelf: ModelShelf = {
  list: async () => [],
  accept: async (name) => {
    throw refuse('model.not-found', { model: modelKey(name) });
  },
  remove: async (name) => {
    throw refuse('model.not-found', { model: modelKey(name) });
  },
};

import { modelKey, refuse, type ModelShelf } from '@albumen/domain';

/** A shelf without any model. */
export const emptyShelf: ModelShelf = {
  list: async () => [],
  failurePicture: async (name) => {
    throw refuse('model.not-found', { model: modelKey(name) });
  },
  accept: async (name) => {
    throw refuse('model.not-found', { model: modelKey(name) });
  },
  remove: async (name) => {
    throw refuse('model.not-found', { model: modelKey(name) });
  },
};

import type { ModelView } from '@albumen/contracts';
import {
  factsOf,
  modelAdapters,
  operationNames,
  type LocalText,
  type ModelOnShelf,
  type Operation,
} from '@albumen/domain';
import type { Workbench } from '../workbench.js';

/** Albumen's own models first, then those that were brought in; removed ones last. */
export async function readModels(bench: Workbench): Promise<{ rows: ModelView[] }> {
  const order = { shipped: 0, quarantined: 1, accepted: 2, removed: 3 } as const;
  const rows = (await bench.engine.shelf.list()).map(modelViewOf);
  rows.sort((a, b) => order[a.state] - order[b.state] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { rows };
}

/** A model in words for people. */
export function modelViewOf(model: ModelOnShelf): ModelView {
  const { examined, adapter } = model;
  return {
    ...model,
    origin: model.state === 'shipped' ? 'shipped' : 'brought-in',
    operations: operationsOf(model),
    leastLevel: adapter === null ? (model.level ?? 0) : modelAdapters[adapter].leastLevel,
    figures: model.figures.map((figure) => ({ ...figure })),
    unreliable: [...model.unreliable],
    takes: [...model.takes],
    failures: failuresView(model),
    notFor: adapter === null ? (ownLimits[model.task] ?? []) : modelAdapters[adapter].notFor.map((words) => ({ ...words })),
    examined:
      examined === null
        ? null
        : { ...examined, warnings: [...examined.warnings], wholePicture: examined.margin === null },
  };
}

function failuresView({ failures }: ModelOnShelf): ModelView['failures'] {
  if (failures === null) return null;
  const pictures = failures.pictures.map(({ file, caption }) => ({ file, caption: { ...caption } }));
  return { reading: { ...failures.reading }, pictures };
}

/** Steps that a model serves: by the table's ids for Albumen's own, by adapter and scale for the others. */
function operationsOf({ id, adapter, examined }: ModelOnShelf): Operation[] {
  return operationNames.filter((name) => {
    const { models, optionalModels, broughtIn, parameters } = factsOf(name);
    if (adapter === null) return models.includes(id) || optionalModels?.includes(id) === true;
    if (broughtIn?.adapter !== adapter) return false;
    const scale = parameters['scale'];
    // Pictures are enlarged two or four times.
    return scale === undefined || examined?.scale === scale.least || examined?.scale === scale.most;
  });
}

/** What Albumen's own models may not be used for, by task. */
const ownLimits: Readonly<Record<string, Required<LocalText>[]>> = {
  restore: [
    {
      en: 'strong blur and missing detail: it brings back nothing that is not in the scan',
      vi: 'ảnh nhòe nặng và chi tiết đã mất: mô hình không khôi phục những gì không có trong bản quét',
    },
  ],
  denoise: [
    {
      en: 'film grain, traces of JPEG and blur: those are left to restore-s',
      vi: 'hạt phim, vết nén JPEG và ảnh nhòe: những việc đó thuộc về restore-s',
    },
  ],
  'damage-mask': [
    {
      en: 'deciding by itself what is damage: a person looks at what it found',
      vi: 'tự quyết định đâu là hư hỏng: con người xem lại những gì tìm được',
    },
  ],
  fill: [
    { en: 'wide lost areas: it fills narrow marks alone', vi: 'vùng mất rộng: mô hình chỉ lấp các vết hẹp' },
  ],
  upscale: [
    {
      en: 'reading lettering or recognising persons: fine detail in the result may be invented',
      vi: 'đọc chữ hoặc nhận dạng người: chi tiết nhỏ trong kết quả có thể là do mô hình thêm vào',
    },
  ],
  'face-detection': [{ en: 'saying who somebody is', vi: 'cho biết ai là ai' }],
  'face-landmarks': [{ en: 'saying who somebody is', vi: 'cho biết ai là ai' }],
  'stain-mask': [
    {
      en: 'deciding by itself what is a stain, or removing one: a person looks at what it found',
      vi: 'tự quyết định đâu là vết ố, hoặc xóa vết ố: con người xem lại những gì tìm được',
    },
  ],
  'lettering-mask': [
    {
      en: 'reading what is written, or a promise that no lettering was missed',
      vi: 'đọc nội dung chữ, hoặc cam đoan không sót chữ nào',
    },
  ],
};

// Judges the face nets on the committed rendered scenes for evaluate.mjs: what the first proposes, and all together. The same rows come from training/evaluate_faces.py;
// a row's bar stands in training/bars.py and here. The search is the engine's own (libs/restoration/src/faces).
import { lookThresholds, openFaceLook } from '../../libs/restoration/dist/faces/face-look.js';
import { openFaceMarks } from '../../libs/restoration/dist/faces/face-marks.js';
import { openFaceNet } from '../../libs/restoration/dist/faces/face-net.js';
import { findFacesInGrey, proposalsInGrey } from '../../libs/restoration/dist/faces/find-faces.js';

const FACES = { proposed: [0.97, 0.99], recall: [0.93, 0.97], precision: [0.95, 0.98], marks: [0.06, 0.04] };
const MATCHED = 0.3;

/** Intersection over union of two boxes x, y, width, height. */
function overlap(a, b) {
  const across = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, across) * Math.max(0, down);
  return both / Math.max(1e-9, a[2] * a[3] + b[2] * b[3] - both);
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Prints and counts the rows through the functions of evaluate.mjs. All are installed models: one that proposes, one that decides, one that places landmarks. */
export async function judgeFaces({ read, row }, { scenes }, first, second, third) {
  const net = await openFaceNet(first);
  const { face, proposal } = lookThresholds(second);
  const proposed = await tallyOf(read, scenes, (grey) => proposalsInGrey(grey, net, proposal));
  row(first.id, 'proposing', 'recall', proposed.hits / Math.max(1, proposed.wanted), `${proposed.hits} of ${proposed.wanted}, ${proposed.wrong} proposals that are none`, FACES.proposed);
  const closer = { net: await openFaceLook(second), proposal, marks: await openFaceMarks(third) };
  const { wanted, hits, wrong, bare, errors } = await tallyOf(read, scenes, (grey) => findFacesInGrey(grey, net, face, closer));
  row(second.id, 'finding', 'recall', hits / Math.max(1, wanted), `${hits} of ${wanted}`, FACES.recall);
  row(second.id, 'finding', 'precision', hits / Math.max(1, hits + wrong), `${wrong} false, ${bare} of them in scenes without faces`, FACES.precision);
  row(third.id, 'landmarks', 'mean share of eye distance', errors.length ? mean(errors) : 1, `${errors.length} faces`, FACES.marks, true);
}

/** Faces wanted and found, findings that are none, and landmark errors in distances between the eyes. */
async function tallyOf(read, scenes, find) {
  let [wanted, hits, wrong, bare] = [0, 0, 0, 0];
  const errors = [];
  for (const { file, faces } of scenes) {
    const found = (await find(await read(`faces/${file}`, true))).map(({ box, landmarks }) => ({
      box: [box.x, box.y, box.width, box.height],
      five: landmarks,
    }));
    wanted += faces.filter((face) => face.judged).length;
    if (faces.length === 0) bare += found.length;
    const taken = new Set();
    for (const one of found) {
      const overlaps = faces.map((face, i) => (taken.has(i) ? 0 : overlap(one.box, face.box)));
      const best = overlaps.indexOf(Math.max(0, ...overlaps));
      if (best >= 0 && overlaps[best] >= MATCHED) {
        taken.add(best);
        const face = faces[best];
        if (!face.judged) continue;
        hits += 1;
        if (face.turn >= 0.8) continue;
        const apart = mean(one.five.map(([x, y], k) => Math.hypot(x - face.five[k][0], y - face.five[k][1])));
        errors.push(apart / Math.max(1, Math.hypot(face.five[0][0] - face.five[1][0], face.five[0][1] - face.five[1][1])));
      } else if (!faces.some((face) => !face.judged && overlap(one.box, face.box) >= 0.1)) wrong += 1;
    }
  }
  return { wanted, hits, wrong, bare, errors };
}

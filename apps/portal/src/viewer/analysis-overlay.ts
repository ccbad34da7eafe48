import type { DamageReportView } from '@albumen/contracts';
import type { Language } from '../language/language';

/** What the analysis can mark on a picture. */
export const foundKinds = ['faces', 'losses', 'lettering'] as const;
export type FoundKind = (typeof foundKinds)[number];

/** How many of a kind were found, or null where the report did not look for them. */
export function foundCount(report: DamageReportView, kind: FoundKind): number | null {
  return report[kind]?.length ?? null;
}

/**
 * Boxes of what was found, faces with their landmarks, as an element to lay over the picture. `t` names each kind,
 * `share` writes its confidence.
 */
export function foundOverlay(
  report: DamageReportView,
  kinds: ReadonlySet<FoundKind>,
  t: Language['t'],
  share: (value: number) => string,
): HTMLElement {
  const holder = document.createElement('div');
  holder.className = 'found';
  const place = (element: HTMLElement, x: number, y: number): void => {
    element.style.left = `${(x / report.width) * 100}%`;
    element.style.top = `${(y / report.height) * 100}%`;
  };
  for (const kind of foundKinds) {
    if (!kinds.has(kind)) continue;
    const found =
      kind === 'faces'
        ? (report.faces ?? []).map(({ box, score }) => ({ box, confidence: score }))
        : (report[kind] ?? []);
    for (const { box, confidence } of found) {
      const frame = document.createElement('div');
      frame.className = kind;
      place(frame, box.x, box.y);
      frame.style.width = `${(box.width / report.width) * 100}%`;
      frame.style.height = `${(box.height / report.height) * 100}%`;
      const label = document.createElement('small');
      label.textContent = `${t(`found.label.${kind}`)} · ${share(confidence)}`;
      frame.append(label);
      holder.append(frame);
    }
    if (kind !== 'faces') continue;
    for (const [x, y] of (report.faces ?? []).flatMap(({ landmarks }) => landmarks)) {
      const dot = document.createElement('i');
      place(dot, x, y);
      holder.append(dot);
    }
  }
  return holder;
}

import type { ColourHint, ProtectedArea, Stroke } from '@albumen/domain';
import type { Size } from './mark-up-geometry';

/** What a person drew on a picture. */
export interface MarkUp {
  readonly strokes: readonly Stroke[];
  /** Stains that the machine missed. */
  readonly stained: readonly Stroke[];
  /** Lost areas that a model is asked to rebuild. */
  readonly lost: readonly Stroke[];
  readonly hints: readonly ColourHint[];
  readonly protect: readonly ProtectedArea[];
}

const space = 'http://www.w3.org/2000/svg';

/**
 * Draws a mark-up as an element to lay over the picture: brush strokes at their true width, colours in their own colour
 * with a rim, protected areas hatched, each with the number it has in the list.
 */
export function drawMarkUp(markUp: MarkUp, size: Size): HTMLElement {
  const holder = document.createElement('div');
  holder.className = 'drawn';
  const picture = svg('svg', {
    viewBox: `0 0 ${size.width} ${size.height}`,
    preserveAspectRatio: 'none',
    width: '100%',
    height: '100%',
  });
  const longer = Math.max(size.width, size.height);
  for (const stroke of markUp.strokes) {
    picture.append(lineOf(stroke, size, longer, 'rim'));
    picture.append(lineOf(stroke, size, longer, 'mark'));
  }
  for (const [kind, strokes] of [
    ['stained', markUp.stained],
    ['lost', markUp.lost],
  ] as const)
    for (const stroke of strokes) {
      picture.append(lineOf(stroke, size, longer, 'rim'));
      picture.append(lineOf(stroke, size, longer, kind));
    }
  for (const { stroke, colour } of markUp.hints) {
    picture.append(lineOf(stroke, size, longer, 'rim'));
    const line = lineOf(stroke, size, longer, 'colour');
    line.style.stroke = `rgb(${colour.join(' ')})`;
    picture.append(line);
  }
  for (const { x, y, width, height } of markUp.protect)
    picture.append(
      svg('rect', {
        class: 'protected',
        x: String(x * size.width),
        y: String(y * size.height),
        width: String(width * size.width),
        height: String(height * size.height),
      }),
    );
  holder.append(picture);
  const places = [
    ...markUp.strokes.map(({ points: [first] }) => first),
    ...markUp.stained.map(({ points: [first] }) => first),
    ...markUp.lost.map(({ points: [first] }) => first),
    ...markUp.hints.map(({ stroke }) => stroke.points[0]),
    ...markUp.protect.map(({ x, y }) => [x, y] as const),
  ];
  for (const [place, at] of places.entries()) {
    if (!at) continue;
    const number = document.createElement('b');
    number.textContent = String(place + 1);
    number.style.left = `${at[0] * 100}%`;
    number.style.top = `${at[1] * 100}%`;
    holder.append(number);
  }
  return holder;
}

function lineOf(stroke: Stroke, size: Size, longer: number, kind: string): SVGElement {
  const [first] = stroke.points;
  const points = stroke.points.length === 1 && first ? [first, first] : stroke.points;
  return svg('polyline', {
    class: kind,
    points: points.map(([x, y]) => `${x * size.width},${y * size.height}`).join(' '),
    'stroke-width': String(2 * stroke.radius * longer),
  });
}

function svg(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

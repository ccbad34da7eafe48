import '@angular/compiler';
import type { Point } from '@albumen/domain';
import { describe, expect, it, vi } from 'vitest';
import { PenGesture, type Pen } from './pen-gesture';

/** A picture of 1000 × 1000 CSS pixels whose layer begins at (100, 50) of the window. */
function layerWith(pen: Pen = 'line') {
  const told = { drawn: vi.fn(), boxed: vi.fn(), eraseBegan: vi.fn(), erased: vi.fn() };
  const stage = {
    pointAt: (x: number, y: number): Point => [(x - 100) / 1000, (y - 50) / 1000],
    zoomAround: vi.fn(),
    panPixels: vi.fn(),
  };
  const capture = vi.fn();
  const gesture = new PenGesture(
    { stage: () => stage, pen: () => pen, frame: () => ({ left: 100, top: 50 }), capture },
    told,
  );
  return { gesture, told, stage, capture };
}

/** A pointer event at a place of the layer. */
function at(x: number, y: number, about: Partial<PointerEvent> = {}): PointerEvent {
  return {
    pointerId: 1,
    pointerType: 'mouse',
    button: 0,
    clientX: x + 100,
    clientY: y + 50,
    preventDefault: () => undefined,
    getCoalescedEvents: () => [],
    ...about,
  } as PointerEvent;
}
const one = { pointerId: 1, pointerType: 'touch' };
const two = { pointerId: 2, pointerType: 'touch' };

describe('a pen on the picture', () => {
  it('draws a line in shares of the picture, with every place between two events', () => {
    const { gesture, told, capture } = layerWith();
    gesture.down(at(100, 100));
    gesture.move(at(300, 100, { getCoalescedEvents: () => [at(200, 150), at(300, 100)] }));
    expect(gesture.trail()).toEqual([
      [100, 100],
      [200, 150],
      [300, 100],
    ]);
    gesture.up(at(300, 100));
    expect(capture).toHaveBeenCalledWith(1);
    expect(told.drawn).toHaveBeenCalledExactlyOnceWith([
      [0.1, 0.1],
      [0.2, 0.15],
      [0.3, 0.1],
    ]);
    expect(gesture.trail()).toEqual([]);
  });

  it('takes the two corners of a rectangle', () => {
    const { gesture, told } = layerWith('rectangle');
    gesture.down(at(400, 300));
    gesture.move(at(350, 200));
    gesture.move(at(200, 100));
    gesture.up(at(200, 100));
    expect(told.boxed).toHaveBeenCalledExactlyOnceWith([
      [0.4, 0.3],
      [0.2, 0.1],
    ]);
    expect(told.drawn).not.toHaveBeenCalled();
  });

  it('draws with the first button of a mouse only, and not while no button is down', () => {
    const { gesture, told } = layerWith();
    gesture.down(at(10, 10, { button: 2 }));
    gesture.move(at(50, 50));
    gesture.up(at(50, 50, { button: 2 }));
    expect(told.drawn).not.toHaveBeenCalled();
    expect(gesture.trail()).toEqual([]);
  });

  it('shows its circle for a mouse and a pen, not for a finger', () => {
    const { gesture } = layerWith();
    gesture.move(at(5, 6));
    expect(gesture.cursor()).toEqual([5, 6]);
    gesture.move(at(7, 8, one));
    expect(gesture.cursor()).toBeNull();
  });

  it('draws nothing of what the system took away', () => {
    const { gesture, told } = layerWith();
    gesture.down(at(10, 10, one));
    gesture.move(at(90, 90, one));
    gesture.cancel(at(90, 90, one));
    gesture.up(at(90, 90, one));
    expect(told.drawn).not.toHaveBeenCalled();
    gesture.down(at(10, 10, one));
    gesture.up(at(10, 10, one));
    expect(told.drawn).toHaveBeenCalledExactlyOnceWith([[0.01, 0.01]]);
  });

  it('erases from where a mouse or a pen is put down, and says once that it begins', () => {
    const { gesture, told } = layerWith('erase');
    gesture.down(at(100, 100, { pointerType: 'pen' }));
    expect(told.erased).toHaveBeenCalledExactlyOnceWith([0.1, 0.1]);
    gesture.move(at(200, 100, { pointerType: 'pen' }));
    gesture.up(at(200, 100, { pointerType: 'pen' }));
    expect(told.eraseBegan).toHaveBeenCalledTimes(1);
    expect(told.erased).toHaveBeenCalledTimes(2);
  });

  it('goes on drawing while a hand rests on the screen', () => {
    const { gesture, told, stage } = layerWith();
    gesture.down(at(100, 100, { pointerId: 9, pointerType: 'pen' }));
    gesture.down(at(700, 900, one));
    gesture.move(at(710, 905, one));
    gesture.move(at(200, 100, { pointerId: 9, pointerType: 'pen' }));
    gesture.up(at(710, 905, one));
    gesture.up(at(200, 100, { pointerId: 9, pointerType: 'pen' }));
    expect(stage.zoomAround).not.toHaveBeenCalled();
    expect(told.drawn).toHaveBeenCalledExactlyOnceWith([
      [0.1, 0.1],
      [0.2, 0.1],
    ]);
  });
});

describe('two fingers on the picture', () => {
  it('zoom around the place between them by as much as they spread, and draw nothing', () => {
    const { gesture, told, stage } = layerWith();
    gesture.down(at(100, 500, one));
    // It drew until the second one came: the distance is taken from where it is, not from where it was put down.
    gesture.move(at(400, 500, one));
    gesture.down(at(600, 500, two));
    expect(gesture.trail()).toEqual([]);
    gesture.move(at(798, 500, two));
    expect(stage.zoomAround).toHaveBeenCalledTimes(1);
    const [factor, x, y] = stage.zoomAround.mock.calls[0] as [number, number, number];
    expect(factor).toBeCloseTo((798 - 400) / 200, 6);
    expect([x, y]).toEqual([100 + (400 + 798) / 2, 50 + 500]);
    gesture.up(at(798, 500, two));
    gesture.up(at(400, 500, one));
    expect(told.drawn).not.toHaveBeenCalled();
  });

  it('move the picture with them, each by half of its way', () => {
    const { gesture, stage } = layerWith();
    gesture.down(at(400, 500, one));
    gesture.down(at(600, 500, two));
    gesture.move(at(420, 510, one));
    gesture.move(at(620, 510, two));
    const moved = stage.panPixels.mock.calls.reduce(
      ([x, y], [dx, dy]) => [x + (dx as number), y + (dy as number)],
      [0, 0],
    );
    expect(moved).toEqual([-20, -10]);
    const zoomed = stage.zoomAround.mock.calls.reduce((product, [factor]) => product * (factor as number), 1);
    expect(zoomed).toBeCloseTo(1, 6);
  });

  it('never make a line of the one that stays behind', () => {
    const { gesture, told, stage } = layerWith();
    gesture.down(at(400, 500, one));
    gesture.down(at(600, 500, two));
    gesture.up(at(600, 500, two));
    gesture.move(at(100, 100, one));
    gesture.up(at(100, 100, one));
    expect(told.drawn).not.toHaveBeenCalled();
    expect(stage.zoomAround).not.toHaveBeenCalled();
    gesture.down(at(10, 10, one));
    gesture.move(at(20, 20, one));
    gesture.up(at(20, 20, one));
    expect(told.drawn).toHaveBeenCalledTimes(1);
  });

  it('do not zoom while they nearly touch: the ratio would leap', () => {
    const { gesture, stage } = layerWith();
    gesture.down(at(400, 500, one));
    gesture.down(at(404, 500, two));
    gesture.move(at(420, 500, two));
    expect(stage.zoomAround).not.toHaveBeenCalled();
    expect(stage.panPixels).toHaveBeenCalledTimes(1);
  });

  it('erase nothing, though the first of them was there alone', () => {
    const { gesture, told } = layerWith('erase');
    gesture.down(at(400, 500, one));
    gesture.down(at(600, 500, two));
    gesture.move(at(700, 500, two));
    gesture.up(at(700, 500, two));
    gesture.up(at(400, 500, one));
    expect(told.eraseBegan).not.toHaveBeenCalled();
    expect(told.erased).not.toHaveBeenCalled();
  });

  it('leave a tap of one finger to erase where it stood', () => {
    const { gesture, told } = layerWith('erase');
    gesture.down(at(400, 500, one));
    gesture.up(at(400, 500, one));
    expect(told.eraseBegan).toHaveBeenCalledTimes(1);
    expect(told.erased).toHaveBeenCalledExactlyOnceWith([0.4, 0.5]);
  });
});

describe('the wheel', () => {
  it('zooms around the pointer and keeps the page still', () => {
    const { gesture, stage } = layerWith();
    const preventDefault = vi.fn();
    gesture.wheel({ deltaY: -3, clientX: 30, clientY: 40, preventDefault } as unknown as WheelEvent);
    gesture.wheel({ deltaY: 3, clientX: 30, clientY: 40, preventDefault } as unknown as WheelEvent);
    expect(stage.zoomAround.mock.calls).toEqual([
      [1.2, 30, 40],
      [1 / 1.2, 30, 40],
    ]);
    expect(preventDefault).toHaveBeenCalledTimes(2);
  });
});

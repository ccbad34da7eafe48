import '@angular/compiler';
import type { PictureView } from '@albumen/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stage, type StagePicture } from './stage';

/** What OpenSeadragon was asked to open; `arrive` lets all of it be there. */
interface Opened {
  readonly url: string;
  opacity: number;
  width: number;
}

function opened() {
  const world: Opened[] = [];
  const asked: (() => void)[] = [];
  const raised = vi.fn();
  class Point {
    constructor(
      readonly x: number,
      readonly y: number,
    ) {}
  }
  const viewer = {
    world: {
      removeItem: (item: Opened) => void world.splice(world.indexOf(item), 1),
      getIndexOfItem: (item: Opened) => world.indexOf(item),
      setItemIndex: (item: Opened, place: number) => {
        world.splice(world.indexOf(item), 1);
        world.splice(place, 0, item);
      },
    },
    raiseEvent: raised,
    addTiledImage: (options: {
      tileSource: { id: string };
      width: number;
      opacity: number;
      success: (event: { item: unknown }) => void;
    }) =>
      asked.push(() => {
        const item = {
          url: options.tileSource.id,
          opacity: options.opacity,
          width: options.width,
          getContentSize: () => ({ x: 100, y: 100 }),
          getOpacity: () => item.opacity,
          setOpacity: (opacity: number) => (item.opacity = opacity),
          getClip: () => null,
          resetCroppingPolygons: () => undefined,
          setPosition: () => undefined,
          setWidth: (width: number) => (item.width = width),
        };
        world.push(item);
        options.success({ item });
      }),
  };
  const Made = Stage as unknown as new (library: unknown, viewer: unknown) => Stage;
  const stage = new Made({ Point }, viewer);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  const arrive = async () => {
    await settle();
    for (const one of asked.splice(0)) one();
    await settle();
  };
  return { stage, world, arrive, asked, raised, settle };
}

let made = 0;
function picture(width: number, height: number): PictureView {
  made += 1;
  return { url: `https://here/${made}`, width, height } as PictureView;
}

function shown(one: PictureView): StagePicture {
  return { key: `layer|${one.url}`, picture: one, opacity: 1 };
}

describe('a stage', () => {
  beforeEach(() => {
    vi.stubGlobal('fetch', () => Promise.resolve({ ok: true, json: () => Promise.resolve({}) }));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('shows a picture that was loaded ahead without opening it again', async () => {
    const { stage, world, arrive, asked, raised, settle } = opened();
    const [now, next] = [picture(400, 300), picture(800, 600)];
    stage.show([shown(now)]);
    await arrive();
    stage.loadAhead([next]);
    await arrive();
    expect(world.map(({ url, opacity }) => [url, opacity])).toEqual([
      [now.url, 1],
      [next.url, 0],
    ]);
    raised.mockClear();
    stage.show([shown(next)]);
    await settle();
    expect(world.map(({ url, opacity, width }) => [url, opacity, width])).toEqual([[next.url, 1, 1]]);
    expect(asked).toHaveLength(0);
    expect(raised).toHaveBeenCalledOnce();
  });

  it('lays what comes next inside the bounds of what is shown, so that the whole picture stays the whole picture', async () => {
    const { stage, world, arrive } = opened();
    stage.show([shown(picture(400, 300))]);
    await arrive();
    stage.loadAhead([picture(300, 400), picture(800, 300)]);
    await arrive();
    expect(world.map(({ width }) => width)).toEqual([1, 0.5625, 1]);
  });

  it('lets go of what does not come next any more, and of all where the shape of what is shown changes', async () => {
    const { stage, world, arrive } = opened();
    const [now, before, after] = [picture(400, 300), picture(400, 300), picture(300, 400)];
    stage.show([shown(now)]);
    await arrive();
    stage.loadAhead([before, after]);
    await arrive();
    stage.loadAhead([after]);
    expect(world.map(({ url }) => url)).toEqual([now.url, after.url]);
    stage.loadAhead([before, after]);
    await arrive();
    stage.show([shown(after)]);
    expect(world.map(({ url }) => url)).toEqual([after.url]);
  });

  it('opens a picture once where it is wanted before it has come', async () => {
    const { stage, world, arrive, asked } = opened();
    const [now, next] = [picture(400, 300), picture(400, 300)];
    stage.show([shown(now)]);
    await arrive();
    stage.loadAhead([next]);
    stage.show([shown(next)]);
    await arrive();
    expect(asked).toHaveLength(0);
    expect(world.map(({ url, opacity }) => [url, opacity])).toEqual([[next.url, 1]]);
  });
});

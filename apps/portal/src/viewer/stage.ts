import type { PictureView } from '@albumen/contracts';
import type OpenSeadragon from 'openseadragon';

/** A rectangle in shares of the picture's width and height (0..1). */
export interface ShareBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One picture of a stack; all lie exactly upon each other. */
export interface StagePicture {
  readonly key: string;
  readonly picture: PictureView;
  readonly opacity: number;
  /** Only the part left of this share of the width is shown. */
  readonly clipAt?: number | null;
  /** Only these boxes are shown. */
  readonly boxes?: readonly ShareBox[] | null;
}

/** Where a person looks: the whole picture, or a magnification (1 = one picture pixel per CSS pixel) around a point. */
export type Look =
  | { readonly fit: true }
  | { readonly fit: false; readonly magnification: number; readonly x: number; readonly y: number };

type Library = typeof OpenSeadragon;
const descriptions = new Map<string, Promise<object>>();

/**
 * Reads an image's info.json once. The id is replaced by the address it was asked at, so that a server whose public
 * address differs from the one in use still serves the tiles.
 */
export function describePicture(url: string): Promise<object> {
  let description = descriptions.get(url);
  if (!description) {
    description = fetch(`${url}/info.json`, { credentials: 'same-origin' }).then(async (answer) => {
      if (!answer.ok) throw new Error(`The picture could not be opened (${answer.status})`);
      return { ...((await answer.json()) as object), id: url, '@id': url };
    });
    descriptions.set(url, description);
    description.catch(() => descriptions.delete(url));
  }
  return description;
}

/** One OpenSeadragon viewport that shows a stack of pictures. The library loads when the first stage is made. */
export class Stage {
  private readonly shown = new Map<string, { image: OpenSeadragon.TiledImage | null; spec: StagePicture }>();
  /** Pictures loaded ahead, by address; null until there. They lie inside the bounds of what is shown. */
  private readonly ahead = new Map<string, OpenSeadragon.TiledImage | null>();
  private wanted: readonly StagePicture[] = [];
  private failed: ((fault: unknown) => void) | undefined;

  private constructor(
    private readonly library: Library,
    readonly viewer: OpenSeadragon.Viewer,
  ) {}

  static async in(element: HTMLElement, nonce: string | null): Promise<Stage> {
    allowStyles(nonce);
    const library = (await import('openseadragon')).default;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const viewer = new library.Viewer({
      element,
      showNavigationControl: false,
      preserveViewport: true,
      visibilityRatio: 0.5,
      minZoomImageRatio: 0.7,
      maxZoomPixelRatio: 8,
      animationTime: calm ? 0 : 0.35,
      springStiffness: 9,
      blendTime: 0,
      immediateRender: true,
      imageLoaderLimit: 6,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, scrollToZoom: true },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchRotate: false },
      drawer: 'canvas',
    });
    return new Stage(library, viewer);
  }

  onFault(failed: (fault: unknown) => void): void {
    this.failed = failed;
  }

  /** Makes the stack be what is wanted: adds, removes and changes only what differs. The first is the lowest. */
  show(pictures: readonly StagePicture[]): void {
    const changes = Math.abs(ratioOf(pictures) - ratioOf(this.wanted)) > 1e-3;
    this.wanted = pictures;
    const keys = new Set(pictures.map(({ key }) => key));
    for (const [key, entry] of this.shown) {
      if (keys.has(key)) continue;
      if (entry.image) this.viewer.world.removeItem(entry.image);
      this.shown.delete(key);
    }
    for (const spec of pictures) {
      const entry = this.shown.get(spec.key);
      if (!entry) this.add(spec);
      else if (entry.spec !== spec) {
        entry.spec = spec;
        if (entry.image) this.dress(entry.image, spec);
      }
    }
    // What was fitted into the bounds of a picture of another shape would widen those of this one.
    if (changes) for (const url of [...this.ahead.keys()]) this.forgetAhead(url);
    this.order();
  }

  /** The whole picture. */
  fit(): void {
    this.viewer.viewport?.goHome();
  }

  /** One picture pixel per device pixel, around the middle of what is seen. */
  actualSize(): void {
    const image = this.first();
    if (image) this.viewer.viewport.zoomTo(image.imageToViewportZoom(1 / devicePixelRatio));
  }

  zoomBy(factor: number): void {
    this.viewer.viewport.zoomBy(factor);
    this.viewer.viewport.applyConstraints();
  }

  /** Brings a box into view with room around it. */
  goTo(box: ShareBox): void {
    const image = this.first();
    if (!image) return;
    const ratio = image.getContentSize().y / image.getContentSize().x;
    const room = Math.max(box.width * 1.5, box.height * 1.5, 0.12);
    const rect = new this.library.Rect(
      box.x - room / 2,
      (box.y - room / 2) * ratio,
      box.width + room,
      (box.height + room) * ratio,
    );
    this.viewer.viewport.fitBounds(rect);
  }

  look(): Look {
    const image = this.first();
    if (!image) return { fit: true };
    const viewport = this.viewer.viewport;
    if (Math.abs(viewport.getZoom() / viewport.getHomeZoom() - 1) < 0.02) return { fit: true };
    const centre = viewport.getCenter();
    return {
      fit: false,
      magnification: image.viewportToImageZoom(viewport.getZoom()),
      x: centre.x,
      y: (centre.y * image.getContentSize().x) / image.getContentSize().y,
    };
  }

  lookAs(look: Look): void {
    const image = this.first();
    if (!image) return;
    const viewport = this.viewer.viewport;
    if (look.fit) {
      viewport.goHome(true);
      return;
    }
    viewport.zoomTo(image.imageToViewportZoom(look.magnification), undefined, true);
    viewport.panTo(
      new this.library.Point(look.x, (look.y * image.getContentSize().y) / image.getContentSize().x),
      true,
    );
    viewport.applyConstraints(true);
  }

  /** The share of the picture's width that lies under a share of the viewport's width; for the curtain. */
  shareAt(share: number): number {
    const image = this.first();
    if (!image) return share;
    const point = new this.library.Point(share * this.viewer.viewport.getContainerSize().x, 0);
    return Math.min(1, Math.max(0, this.viewer.viewport.pointFromPixel(point, true).x));
  }

  /** The point of the picture, in shares, under a place of the window; outside the picture it is below 0 or above 1. */
  pointAt(clientX: number, clientY: number): readonly [number, number] {
    const size = this.first()?.getContentSize();
    const point = this.viewer.viewport.pointFromPixel(this.pixelAt(clientX, clientY), true);
    return [point.x, size ? (point.y * size.x) / size.y : point.y];
  }

  /** Zooms around a place of the window. */
  zoomAround(factor: number, clientX: number, clientY: number): void {
    this.viewer.viewport.zoomBy(factor, this.viewer.viewport.pointFromPixel(this.pixelAt(clientX, clientY), true));
    this.viewer.viewport.applyConstraints();
  }

  /** Moves what is seen by CSS pixels. */
  panPixels(x: number, y: number): void {
    const viewport = this.viewer.viewport;
    viewport.panBy(viewport.deltaPointsFromPixels(new this.library.Point(x, y), true), true);
  }

  /** Width of the picture on the screen, in CSS pixels. */
  pixelsAcross(): number {
    return this.viewer.viewport.getZoom(true) * this.viewer.viewport.getContainerSize().x;
  }

  /** Magnification in per cent of picture pixels per device pixel. */
  percent(): number {
    const image = this.first();
    return image ? image.viewportToImageZoom(this.viewer.viewport.getZoom()) * devicePixelRatio * 100 : 100;
  }

  /**
   * Loads the first tiles of pictures that may come next, out of sight in this viewport, for the browser keeps nothing of
   * what only staff may see; others that were loaded ahead are let go.
   */
  loadAhead(pictures: readonly PictureView[]): void {
    const wanted = new Set(pictures.map(({ url }) => url));
    for (const url of [...this.ahead.keys()]) if (!wanted.has(url)) this.forgetAhead(url);
    for (const picture of pictures) {
      const isShown = [...this.shown.values()].some(({ spec }) => spec.picture.url === picture.url);
      if (!isShown && !this.ahead.has(picture.url)) this.addAhead(picture);
    }
  }

  /** Lays an element over a box of the picture. */
  overlay(element: HTMLElement, box: ShareBox, ratio: number): void {
    const rect = new this.library.Rect(box.x, box.y * ratio, box.width, box.height * ratio);
    if (this.viewer.getOverlayById(element)) this.viewer.updateOverlay(element, rect);
    else this.viewer.addOverlay({ element, location: rect });
  }

  dropOverlay(element: HTMLElement): void {
    this.viewer.removeOverlay(element);
  }

  /** Follows another stage of the same size. */
  follow(leader: Stage): void {
    const viewport = leader.viewer.viewport;
    this.viewer.viewport.zoomTo(viewport.getZoom(true), undefined, true);
    this.viewer.viewport.panTo(viewport.getCenter(true), true);
  }

  destroy(): void {
    // What is still being described or opened finds that nobody wants it any more.
    this.shown.clear();
    this.ahead.clear();
    this.viewer.destroy();
  }

  private pixelAt(clientX: number, clientY: number): OpenSeadragon.Point {
    const frame = this.viewer.element.getBoundingClientRect();
    return new this.library.Point(clientX - frame.left, clientY - frame.top);
  }

  private first(): OpenSeadragon.TiledImage | undefined {
    for (const { key } of this.wanted) {
      const image = this.shown.get(key)?.image;
      if (image) return image;
    }
    return undefined;
  }

  private addAhead(picture: PictureView): void {
    const base = this.wanted[0]?.picture;
    if (!base) return;
    this.ahead.set(picture.url, null);
    const width = Math.min(1, (base.height / base.width) * (picture.width / picture.height));
    describePicture(picture.url)
      .then((tileSource) => {
        if (!this.ahead.has(picture.url)) return;
        this.viewer.addTiledImage({
          tileSource,
          x: 0,
          y: 0,
          width,
          opacity: 0,
          preload: true,
          success: (event) => {
            const image = (event as unknown as { item: OpenSeadragon.TiledImage }).item;
            if (this.ahead.get(picture.url) === null) this.ahead.set(picture.url, image);
            else this.viewer.world.removeItem(image);
          },
        });
      })
      .catch((fault: unknown) => {
        this.ahead.delete(picture.url);
        console.warn('A next picture could not be loaded ahead', fault);
      });
  }

  private forgetAhead(url: string): void {
    const image = this.ahead.get(url);
    this.ahead.delete(url);
    if (image) this.viewer.world.removeItem(image);
  }

  /** A picture that was loaded ahead, in its place among what is shown; null where it was not, or is still on its way, which ends. */
  private takenAhead(url: string): OpenSeadragon.TiledImage | null {
    const image = this.ahead.get(url) ?? null;
    this.ahead.delete(url);
    if (image === null) return null;
    image.setPosition(new this.library.Point(0, 0), true);
    image.setWidth(1, true);
    return image;
  }

  private add(spec: StagePicture): void {
    const entry: { image: OpenSeadragon.TiledImage | null; spec: StagePicture } = { image: null, spec };
    this.shown.set(spec.key, entry);
    entry.image = this.takenAhead(spec.picture.url);
    if (entry.image) {
      this.dress(entry.image, spec);
      queueMicrotask(() => {
        if (this.shown.get(spec.key) === entry) this.viewer.raiseEvent('albumen-added' as never, {} as never);
      });
      return;
    }
    describePicture(spec.picture.url)
      .then((tileSource) => {
        if (this.shown.get(spec.key) !== entry) return;
        this.viewer.addTiledImage({
          tileSource,
          x: 0,
          y: 0,
          width: 1,
          opacity: entry.spec.opacity,
          preload: true,
          success: (event) => {
            const image = (event as unknown as { item: OpenSeadragon.TiledImage }).item;
            if (this.shown.get(spec.key) !== entry) {
              this.viewer.world.removeItem(image);
              return;
            }
            entry.image = image;
            this.dress(image, entry.spec);
            this.order();
            this.viewer.raiseEvent('albumen-added' as never, {} as never);
          },
          error: (event) => this.failed?.(new Error((event as unknown as { message?: string }).message ?? 'picture')),
        });
      })
      .catch((fault: unknown) => this.failed?.(fault));
  }

  private dress(image: OpenSeadragon.TiledImage, spec: StagePicture): void {
    const size = image.getContentSize();
    if (image.getOpacity() !== spec.opacity) image.setOpacity(spec.opacity);
    const clip =
      spec.clipAt === undefined || spec.clipAt === null
        ? null
        : new this.library.Rect(0, 0, Math.max(1, spec.clipAt * size.x), size.y);
    const old = image.getClip();
    if (clip === null ? old !== null : old === null || Math.abs(old.width - clip.width) > 0.5) image.setClip(clip);
    if (spec.boxes)
      image.setCroppingPolygons(
        spec.boxes.map(({ x, y, width, height }) =>
          [
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
          ].map(([px, py]) => new this.library.Point((px ?? 0) * size.x, (py ?? 0) * size.y)),
        ),
      );
    else image.resetCroppingPolygons();
  }

  private order(): void {
    let place = 0;
    for (const { key } of this.wanted) {
      const image = this.shown.get(key)?.image;
      if (!image) continue;
      if (this.viewer.world.getIndexOfItem(image) !== place) this.viewer.world.setItemIndex(image, place);
      place += 1;
    }
  }
}

/** Height over width of the lowest picture of a stack; 0 where there is none. */
function ratioOf(pictures: readonly StagePicture[]): number {
  const base = pictures[0]?.picture;
  return base ? base.height / base.width : 0;
}

/** OpenSeadragon adds one style element by itself; this one takes its place, with the nonce of the page's policy. */
function allowStyles(nonce: string | null): void {
  if (document.querySelector('style[data-openseadragon-mobile-css]')) return;
  const style = document.createElement('style');
  style.setAttribute('data-openseadragon-mobile-css', 'true');
  if (nonce) style.nonce = nonce;
  document.head.append(style);
}

import {
  CSP_NONCE,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  model,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { PictureView } from '@albumen/contracts';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { Curtain } from './curtain';
import { Stage, type Look, type ShareBox, type StagePicture } from './stage';

/** How two pictures are looked at. */
export type Mode = 'side' | 'curtain' | 'blink' | 'restored' | 'original';

/** A photograph that may come next, and the layers that will lie over it. */
export interface NextPicture {
  readonly original: PictureView;
  readonly layers: readonly PictureView[];
}

/** A stack of pictures that together are the restored one; patches are drawn over it inside their boxes only. */
export interface Composed {
  readonly layers: readonly { readonly picture: PictureView; readonly opacity: number }[];
  readonly patches: readonly { readonly picture: PictureView; readonly opacity: number }[];
  readonly patchBoxes: readonly ShareBox[];
}

/**
 * Original and restored in one place and at one zoom: side by side, under a curtain, blinking or alone. What is drawn
 * comes from the IIIF server; at 1:1 nothing is resampled.
 */
@Component({
  selector: 'albumen-comparison',
  imports: [Curtain, ProblemPanel],
  templateUrl: './comparison.html',
  styleUrl: './comparison.scss',
  host: { '[class.side]': "mode() === 'side'" },
})
export class Comparison {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly formats = inject(Formats);
  private readonly nonce = inject(CSP_NONCE, { optional: true });
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  private readonly left = viewChild.required<ElementRef<HTMLElement>>('left');

  readonly original = input.required<PictureView>();
  readonly composed = input<Composed | null>(null);
  readonly mode = input<Mode>('restored');
  /** While true the original is shown instead, whatever the mode. */
  readonly holding = input(false);
  /** Laid over the whole picture, for the change map or a damage mask. */
  readonly map = input<HTMLCanvasElement | HTMLImageElement | null>(null);
  /** Elements laid over the whole picture: what the analysis found, what a person drew. */
  readonly overlays = input<readonly HTMLElement[]>([]);
  readonly ring = input<{ readonly box: ShareBox; readonly label: string } | null>(null);
  /** Photographs that may come next, with the layers that will lie over them: their first tiles are loaded ahead. */
  readonly upNext = input<readonly NextPicture[]>([]);
  /** Where to look when another picture arrives; the whole picture if it is left out. */
  readonly startLook = input<Look>({ fit: true });
  readonly restoredLabel = input('');
  readonly tags = input(true);
  readonly label = input('');
  readonly share = model(0.5);
  readonly looked = output<Look>();
  readonly pressed = output<boolean>();

  protected readonly fault = signal<unknown>(null);
  protected readonly announced = signal('');
  private readonly stage = signal<Stage | null>(null);
  /** The viewport, once it is open; for layers that draw on it. */
  readonly opened = this.stage.asReadonly();
  /** Width of the picture on the screen in CSS pixels, kept up while zooming. */
  readonly across = signal(0);
  private readonly second = signal<Stage | null>(null);
  private readonly clipShare = signal(0.5);
  private readonly blinkOn = signal(false);
  private mapShown: HTMLElement | null = null;
  private overlaysShown: readonly HTMLElement[] = [];
  private readonly rings: HTMLElement[] = [];
  private fresh = '';
  private following = false;
  private fitted = true;

  private readonly originalOpacity = computed(() => {
    if (this.holding() || this.mode() === 'original' || !this.composed()) return 1;
    if (this.mode() === 'curtain') return 1;
    return this.mode() === 'blink' && this.blinkOn() ? 1 : 0;
  });
  protected readonly showsOriginal = computed(
    () => this.originalOpacity() === 1 && (this.mode() !== 'curtain' || this.holding() || !this.composed()),
  );

  private readonly stack = computed<readonly StagePicture[]>(() => {
    const composed = this.composed();
    const stack: StagePicture[] = [];
    for (const [place, layer] of (composed?.layers ?? []).entries())
      stack.push({ key: `layer${place}|${layer.picture.url}`, picture: layer.picture, opacity: layer.opacity });
    if (composed?.patchBoxes.length)
      for (const [place, layer] of composed.patches.entries())
        stack.push({
          key: `patch${place}|${layer.picture.url}`,
          picture: layer.picture,
          opacity: layer.opacity,
          boxes: composed.patchBoxes,
        });
    const curtain = this.mode() === 'curtain' && !this.holding() && composed !== null;
    stack.push({
      key: `original|${this.original().url}`,
      picture: this.original(),
      opacity: this.originalOpacity(),
      clipAt: curtain ? this.clipShare() : null,
    });
    return stack;
  });

  constructor() {
    const destroy = inject(DestroyRef);
    afterNextRender(() => void this.open());
    destroy.onDestroy(() => {
      this.stage()?.destroy();
      this.second()?.destroy();
      // Frames that were asked for before come still: they find no viewport then.
      this.stage.set(null);
      this.second.set(null);
    });
    effect(() => this.stage()?.show(this.stack()));
    effect(() => {
      this.share();
      untracked(() => this.moveClip());
    });
    effect((onCleanup) => {
      if (this.mode() !== 'blink') return;
      const timer = setInterval(() => this.blinkOn.update((on) => !on), 700);
      onCleanup(() => clearInterval(timer));
    });
    effect(() => {
      const side = this.mode() === 'side';
      const second = this.second();
      const original = this.original();
      if (side && !second) untracked(() => void this.openSecond());
      else if (second) second.show([{ key: original.url, picture: original, opacity: 1 }]);
      untracked(() => requestAnimationFrame(() => this.resized()));
    });
    effect(() => {
      const next = this.upNext();
      this.stage()?.loadAhead(next.flatMap(({ original, layers }) => [original, ...layers]));
      this.second()?.loadAhead(next.map(({ original }) => original));
    });
    effect(() => this.layMap());
    effect(() => this.layRing());
    effect(() => this.layOverlays());
  }

  fit(): void {
    this.stage()?.fit();
  }
  actualSize(): void {
    this.stage()?.actualSize();
  }
  zoomBy(factor: number): void {
    this.stage()?.zoomBy(factor);
  }
  goTo(box: ShareBox): void {
    this.stage()?.goTo(box);
  }
  focusPicture(): void {
    this.main().nativeElement.querySelector<HTMLElement>('.openseadragon-canvas')?.focus({ preventScroll: true });
  }

  protected retry(): void {
    this.fault.set(null);
    this.stage()?.show([]);
    this.stage()?.show(this.stack());
  }

  private async open(): Promise<void> {
    try {
      const stage = await Stage.in(this.main().nativeElement, this.nonce);
      stage.onFault((fault) => this.fault.set(fault));
      const viewer = stage.viewer;
      viewer.addHandler('canvas-key', (event) => {
        const key = (event as unknown as { originalEvent: KeyboardEvent }).originalEvent.key;
        if (!['+', '-', '=', '0'].includes(key))
          (event as { preventDefaultAction: boolean }).preventDefaultAction = true;
      });
      viewer.addHandler('albumen-added' as never, () => this.arrived(stage));
      viewer.addHandler('viewport-change', () => {
        this.across.set(stage.pixelsAcross());
        this.moveClip();
        this.second()?.follow(stage);
      });
      viewer.addHandler('resize', () => {
        const fitted = this.fitted;
        requestAnimationFrame(() => {
          if (this.stage() !== stage) return;
          // The whole picture stays the whole picture when its place grows or shrinks.
          if (fitted) stage.lookAs({ fit: true });
          this.moveClip();
          this.second()?.follow(stage);
        });
      });
      viewer.addHandler('animation-finish', () => {
        this.fitted = stage.look().fit;
        this.looked.emit(stage.look());
        this.announced.set(this.t('viewer.zoom', { percent: this.formats.number(stage.percent()) }));
      });
      let press: ReturnType<typeof setTimeout> | undefined;
      const release = (): void => {
        clearTimeout(press);
        this.pressed.emit(false);
      };
      viewer.addHandler('canvas-press', (event) => {
        if ((event as unknown as { pointerType?: string }).pointerType === 'mouse') return;
        press = setTimeout(() => this.pressed.emit(true), 220);
      });
      viewer.addHandler('canvas-drag', () => clearTimeout(press));
      viewer.addHandler('canvas-pinch', release);
      viewer.addHandler('canvas-release', release);
      this.stage.set(stage);
    } catch (fault) {
      this.fault.set(fault);
    }
  }

  private async openSecond(): Promise<void> {
    if (this.following) return;
    this.following = true;
    const second = await Stage.in(this.left().nativeElement, this.nonce);
    second.viewer.addHandler('canvas-key', (event) => {
      (event as { preventDefaultAction: boolean }).preventDefaultAction = true;
    });
    let own = false;
    for (const act of [
      'canvas-drag',
      'canvas-scroll',
      'canvas-pinch',
      'canvas-double-click',
      'canvas-drag-end',
    ] as const)
      second.viewer.addHandler(act, () => {
        own = true;
      });
    second.viewer.addHandler('viewport-change', () => {
      const stage = this.stage();
      if (own && stage) stage.follow(second);
    });
    second.viewer.addHandler('resize', () =>
      requestAnimationFrame(() => {
        const stage = this.stage();
        if (stage && this.second() === second) second.follow(stage);
      }),
    );
    second.viewer.addHandler('animation-finish', () => {
      own = false;
    });
    this.second.set(second);
    const stage = this.stage();
    if (stage) requestAnimationFrame(() => this.second() === second && second.follow(stage));
  }

  /** Once per picture: look where the last one was looked at. */
  private arrived(stage: Stage): void {
    if (this.fresh === this.original().url) return;
    this.fresh = this.original().url;
    stage.lookAs(this.startLook());
    this.fitted = this.startLook().fit;
    this.across.set(stage.pixelsAcross());
    this.moveClip();
    this.second()?.follow(stage);
    untracked(() => {
      this.layMap();
      this.layRing();
      this.layOverlays();
    });
  }

  private resized(): void {
    const stage = this.stage();
    if (!stage) return;
    const look = stage.look();
    stage.viewer.forceResize();
    this.second()?.viewer.forceResize();
    if (look.fit) stage.lookAs(look);
    this.moveClip();
    this.second()?.follow(stage);
  }

  private moveClip(): void {
    const stage = this.stage();
    if (stage) this.clipShare.set(stage.shareAt(this.share()));
  }

  private layMap(): void {
    const stage = this.stage();
    const map = this.map();
    const ratio = this.original().height / this.original().width;
    if (!stage) return;
    if (this.mapShown && this.mapShown !== map) {
      stage.dropOverlay(this.mapShown);
      this.mapShown = null;
    }
    if (!map) return;
    map.classList.add('map');
    stage.overlay(map, { x: 0, y: 0, width: 1, height: 1 }, ratio);
    this.mapShown = map;
  }

  private layOverlays(): void {
    const stage = this.stage();
    const overlays = this.overlays();
    const ratio = this.original().height / this.original().width;
    if (!stage) return;
    for (const old of this.overlaysShown) if (!overlays.includes(old)) stage.dropOverlay(old);
    for (const element of overlays) stage.overlay(element, { x: 0, y: 0, width: 1, height: 1 }, ratio);
    this.overlaysShown = overlays;
  }

  private layRing(): void {
    const ring = this.ring();
    const ratio = this.original().height / this.original().width;
    const stages = [this.stage(), this.second()].filter((stage) => stage !== null);
    for (const [place, stage] of stages.entries()) {
      let element = this.rings[place];
      if (!ring) {
        if (element) stage.dropOverlay(element);
        continue;
      }
      if (!element) {
        element = document.createElement('div');
        element.className = 'ring';
        element.append(document.createElement('small'));
        this.rings[place] = element;
      }
      const small = element.firstElementChild;
      if (small) small.textContent = place === 0 ? ring.label : '';
      const pad = 0.006;
      stage.overlay(
        element,
        {
          x: ring.box.x - pad,
          y: ring.box.y - pad / ratio,
          width: ring.box.width + 2 * pad,
          height: ring.box.height + (2 * pad) / ratio,
        },
        ratio,
      );
    }
  }
}

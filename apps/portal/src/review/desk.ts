import {
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { reasonCodes, rejectReasons, type ReasonCode } from '@albumen/domain';
import { Named } from '../controls/named';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { LanguageSwitch } from '../language/language-switch';
import { NoticeLines } from '../problems/notice-lines';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { SessionLine } from '../shell/session-line';
import { foundOverlay, type FoundKind } from '../viewer/analysis-overlay';
import { legendGradient, mapEnds, noticeable } from '../viewer/change-map';
import { Comparison, type Mode, type NextPicture } from '../viewer/comparison';
import { areasOf, type Labels } from '../viewer/label-picture';
import type { Look } from '../viewer/stage';
import type { AcceptanceWord } from './acceptance';
import { ChangePanel } from './change-panel';
import { alone, boxOf, byRisk, decisionsOf, enlargedOf, previewOf } from './composite';
import { rememberHabits, rememberedHabits, surrounds, type Habits } from './desk-habits';
import { actOf, deskKeys, focusOf, type DeskAct } from './desk-keys';
import { drawOffered, type OfferedMap, offeredMaps, replacedOnly } from './desk-maps';
import { DeskPreview } from './desk-preview';
import { DeskWork } from './desk-work';
import { Filmstrip } from './filmstrip';
import { QueueState } from './queue-state';

/** Is this restoration acceptable? The picture decides; the hands stay on the keys. */
@Component({
  selector: 'albumen-desk',
  imports: [
    RouterLink,
    AsWord,
    ChangePanel,
    Comparison,
    Filmstrip,
    Icon,
    LanguageSwitch,
    Named,
    NoticeLines,
    Pressed,
    ProblemPanel,
    SessionLine,
  ],
  providers: [DeskWork, DeskPreview],
  templateUrl: './desk.html',
  styleUrl: './desk.scss',
  host: {
    '[class]': "'surround-' + habits().surround",
    '(document:keydown)': 'onKey($event)',
    '(document:keyup)': 'onKeyUp($event)',
    '(window:blur)': 'holding.set(false)',
  },
})
export class Desk {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  protected readonly queue = inject(QueueState);
  protected readonly work = inject(DeskWork);
  private readonly computed = inject(DeskPreview);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);
  private readonly comparison = viewChild(Comparison);
  private readonly toolbar = viewChild<ElementRef<HTMLElement>>('toolbar');

  readonly id = input.required<string>();
  protected readonly habits = signal<Habits>(rememberedHabits());
  protected readonly holding = signal(false);
  protected readonly mapOn = signal(false);
  protected readonly keysOpen = signal(false);
  protected readonly panelOpen = signal(false);
  protected readonly asking = signal<'reject' | 'rework' | null>(null);
  protected readonly note = signal('');
  protected readonly share = signal(0.5);
  protected readonly currentRegion = signal<number | null>(null);
  protected readonly map = signal<HTMLCanvasElement | null>(null);
  protected readonly upNext = signal<readonly NextPicture[]>([]);
  protected readonly done = signal(false);
  private tabDownAt = 0;

  protected readonly deskKeys = deskKeys;
  protected readonly surrounds = surrounds;
  protected readonly reasons = reasonCodes.map((code, place) => ({
    code,
    digit: place + 1,
    words: rejectReasons[code],
  }));
  protected readonly legend = legendGradient;
  protected readonly legendStart = noticeable;
  protected readonly legendEnd = mapEnds;
  protected readonly modes: readonly {
    readonly mode: Mode;
    readonly word: 'desk.side' | 'desk.curtain' | 'desk.blink' | 'desk.restored';
    readonly key: string;
  }[] = [
    { mode: 'side', word: 'desk.side', key: 'S' },
    { mode: 'curtain', word: 'desk.curtain', key: 'C' },
    { mode: 'blink', word: 'desk.blink', key: 'B' },
    { mode: 'restored', word: 'desk.restored', key: '' },
  ];

  /** The four decisions; two ask for a reason first. */
  protected readonly decisions = [
    { act: 'approve', look: 'approve', icon: 'check', word: 'desk.approve', key: 'A', asks: false },
    { act: 'reject', look: 'no', icon: 'close', word: 'desk.reject', key: 'R', asks: true },
    { act: 'rework', look: 'warn', icon: 'replay', word: 'desk.rework', key: 'W', asks: true },
    { act: 'rescan', look: 'wide', icon: 'document-scanner', word: 'desk.rescan', key: 'H', asks: false },
  ] as const;

  protected readonly preview = computed(() => {
    const desk = this.work.desk();
    const labels = this.work.labels();
    if (!desk) return null;
    const exact = this.computed.pictureOf(desk.restoration.id, decisionsOf(desk));
    return previewOf(desk, (ordinals) => (labels ? areasOf(labels, ordinals) : null), exact);
  });
  protected readonly computing = computed(() => {
    const desk = this.work.desk();
    return desk ? this.computed.progressOf(desk.restoration.id, decisionsOf(desk)) : null;
  });
  protected readonly enlarged = computed(() => {
    const desk = this.work.desk();
    return desk ? enlargedOf(desk) : null;
  });
  protected readonly enlargedOn = signal(false);
  /** What is compared with the original: the decisions so far, or the whole proposal enlarged. */
  protected readonly composed = computed(() => {
    const enlarged = this.enlarged();
    return this.enlargedOn() && enlarged ? alone(enlarged) : (this.preview()?.composed ?? null);
  });
  /** Maps of what changed: the whole, then single steps. */
  protected readonly maps = computed(() => {
    const desk = this.work.desk();
    return desk ? offeredMaps(desk, this.t, this.language.text) : [];
  });
  protected readonly mapName = signal('');
  protected readonly mapChosen = computed(
    () => this.maps().find(({ name }) => name === this.mapName()) ?? this.maps()[0],
    { equal: (one, other) => one?.url === other?.url },
  );
  protected readonly foundOn = signal<ReadonlySet<FoundKind>>(new Set());
  protected readonly overlays = computed<readonly HTMLElement[]>(() => {
    const desk = this.work.desk();
    return desk && this.foundOn().size ? [foundOverlay(desk.damage, this.foundOn(), this.t, this.formats.share)] : [];
  });
  protected readonly restoredLabel = computed(() => {
    if (this.enlargedOn() && this.enlarged()) return this.t('desk.enlarged');
    return this.t(this.preview()?.incomplete ? 'desk.nearest' : 'desk.asAccepted');
  });
  protected readonly regionOrder = computed(() => byRisk(this.work.desk()?.regions ?? []));
  protected readonly ring = computed(() => {
    const desk = this.work.desk();
    const region = desk?.regions.find(({ ordinal }) => ordinal === this.currentRegion());
    if (!desk || !region) return null;
    const label = `${this.t('desk.region', { kind: this.t(`kind.${region.kind}`), n: region.ordinal })} · ${this.formats.share(region.share)}`;
    return { box: boxOf(region, desk.damage), label };
  });
  protected readonly title = computed(() => {
    const desk = this.work.desk();
    return desk ? this.language.text(desk.review.title) || desk.review.fileName : '';
  });
  protected readonly secondsLeft = computed(() => this.queue.secondsLeft(this.work.desk()?.queue.open ?? 0));
  protected readonly lastLine = computed(() => {
    const last = this.work.last();
    if (!last) return '';
    const title = this.language.text(last.title) || last.fileName;
    const reason = last.reason ? this.language.text(rejectReasons[last.reason]) : '';
    return this.t(`desk.did.${last.decision}`, { title, reason });
  });
  protected readonly mayUndo = computed(
    () => this.work.last() !== null || (this.work.desk()?.decision?.undoUntil ?? null) !== null,
  );

  constructor() {
    if (this.queue.rows().length === 0) this.queue.load('').catch((fault: unknown) => this.notices.fail(fault));
    effect(() => {
      const id = this.id();
      untracked(() => void this.arrive(id));
    });
    effect(() => rememberHabits(this.habits()));
    effect(() => {
      const desk = this.work.desk();
      const labels = this.work.labels();
      const wanted = this.mapOn() && desk ? this.mapChosen() : undefined;
      untracked(() => void this.makeMap(wanted, labels && desk ? replacedOnly(labels, desk.regions) : null));
    });
    effect(() => {
      const desk = this.work.desk();
      untracked(() => desk && this.computed.keepOnly(desk.restoration.id, decisionsOf(desk)));
    });
    inject(DestroyRef).onDestroy(() => {
      this.computed.stop();
      void this.work.flush();
    });
  }

  protected use(change: Partial<Habits>): void {
    this.habits.update((habits) => ({ ...habits, ...change }));
  }

  protected looked(look: Look): void {
    this.use({ look });
  }

  /** Chooses a region, zooms to it. */
  protected chooseRegion(ordinal: number): void {
    const desk = this.work.desk();
    const region = desk?.regions.find((known) => known.ordinal === ordinal);
    if (!desk || !region) return;
    this.currentRegion.set(ordinal);
    this.comparison()?.goTo(boxOf(region, desk.damage));
  }

  protected decideRegions(ordinals: readonly number[], acceptance: AcceptanceWord): void {
    this.work.decideRegions(ordinals, acceptance);
  }

  /** Asks for the exact picture of the decisions so far. */
  protected compute(): void {
    const desk = this.work.desk();
    if (desk) void this.computed.compute(desk.restoration.id, decisionsOf(desk), this.work.flush());
  }

  protected ask(what: 'reject' | 'rework'): void {
    if (!this.work.active()) return;
    this.note.set('');
    this.asking.set(this.asking() === what ? null : what);
  }

  protected async finish(decision: 'approve' | 'reject' | 'rework', reason: ReasonCode | null): Promise<void> {
    const note = this.asking() ? this.note().trim() : '';
    const next =
      this.queue.neighbour(this.id(), 1, true) ??
      this.work.desk()?.queue.next ??
      this.queue.neighbour(this.id(), -1, true);
    if (!(await this.work.decide(decision, reason, note))) return;
    this.asking.set(null);
    if (next) await this.router.navigate(['/desk/reviews', next]);
    else await this.readOn(() => this.done.set(true));
  }

  protected async undo(): Promise<void> {
    const id = await this.work.undo();
    if (!id) return;
    this.done.set(false);
    if (id === this.id()) await this.work.open(id);
    else await this.router.navigate(['/desk/reviews', id]);
  }

  protected onKey(event: KeyboardEvent): void {
    const focus = focusOf(event.target instanceof Element ? event.target : null);
    if (
      this.asking() &&
      focus !== 'field' &&
      !event.isComposing &&
      /^[1-9]$/.test(event.key) &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey
    ) {
      const reason = this.reasons[Number(event.key) - 1];
      const decision = this.asking();
      if (reason && decision) {
        event.preventDefault();
        void this.finish(decision, reason.code);
      }
      return;
    }
    const act = actOf(event, focus, this.habits().singleKeys);
    if (!act) return;
    if (event.repeat && act !== 'next' && act !== 'previous' && act !== 'original') return;
    event.preventDefault();
    if (act === 'original' && event.key === 'Tab' && !event.repeat) this.tabDownAt = performance.now();
    this.act(act);
  }

  protected onKeyUp(event: KeyboardEvent): void {
    if (event.key !== 'Tab' && event.key !== ' ') return;
    if (!this.holding()) return;
    this.holding.set(false);
    // A short press of Tab moves the focus as it does everywhere: the picture is no keyboard trap (WCAG 2.1.2).
    if (event.key === 'Tab' && performance.now() - this.tabDownAt < 250)
      this.toolbar()?.nativeElement.querySelector('button')?.focus();
  }

  protected act(act: DeskAct): void {
    const acts: Record<DeskAct, () => void> = {
      next: () => void this.go(1),
      previous: () => void this.go(-1),
      original: () => this.holding.set(true),
      approve: () => void this.finish('approve', null),
      reject: () => this.ask('reject'),
      rework: () => this.ask('rework'),
      rescan: () => void this.finish('rework', 'rescan'),
      undo: () => void this.undo(),
      'next-region': () => this.nextRegion(),
      'accept-region': () => this.decideCurrent('accepted'),
      'reject-region': () => this.decideCurrent('rejected'),
      side: () => this.use({ mode: 'side' }),
      curtain: () => this.use({ mode: 'curtain' }),
      blink: () => this.use({ mode: this.habits().mode === 'blink' ? 'restored' : 'blink' }),
      map: () => this.mapOn.update((on) => !on),
      'actual-size': () => this.comparison()?.actualSize(),
      fit: () => this.comparison()?.fit(),
      keys: () => this.keysOpen.update((open) => !open),
      close: () => this.closeOne(),
    };
    acts[act]();
  }

  protected nextRegion(): void {
    const order = this.regionOrder();
    const place = order.findIndex(({ ordinal }) => ordinal === this.currentRegion());
    const next = order[(place + 1) % Math.max(1, order.length)];
    if (next) this.chooseRegion(next.ordinal);
  }

  private decideCurrent(acceptance: AcceptanceWord): void {
    const current = this.currentRegion();
    if (current === null || !this.work.active()) return;
    this.work.decideRegions([current], acceptance);
  }

  private closeOne(): void {
    if (this.keysOpen()) this.keysOpen.set(false);
    else if (this.asking()) this.asking.set(null);
    else if (this.panelOpen()) this.panelOpen.set(false);
    else this.currentRegion.set(null);
  }

  private async go(step: 1 | -1): Promise<void> {
    const desk = this.work.desk();
    const known =
      this.queue.neighbour(this.id(), step, false) ?? (step === 1 ? desk?.queue.next : desk?.queue.previous);
    if (known) await this.router.navigate(['/desk/reviews', known]);
    else if (step === 1) await this.readOn(() => undefined);
  }

  /** Goes to the next review of a list that goes on; a list that cannot be read has not come to its end. */
  private async readOn(atEnd: () => void): Promise<void> {
    try {
      if (await this.queue.more()) await this.go(1);
      else atEnd();
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  private async arrive(id: string): Promise<void> {
    this.done.set(false);
    this.asking.set(null);
    this.currentRegion.set(null);
    this.enlargedOn.set(false);
    await this.work.open(id);
    if (this.id() !== id) return;
    const ahead = [
      this.queue.neighbour(id, 1, true) ?? this.work.desk()?.queue.next,
      this.queue.neighbour(id, -1, false),
    ];
    // Reading ahead only saves time: what fails here is read again, and told, once somebody goes there.
    const views = await Promise.allSettled(ahead.flatMap((next) => (next ? [this.queue.view(next)] : [])));
    if (this.id() !== id) return;
    this.upNext.set(
      views.flatMap((read) => {
        if (read.status === 'rejected') return [];
        const view = read.value;
        const layers = previewOf(view, () => null).composed.layers.map(({ picture }) => picture);
        return [{ original: view.original.picture, layers }];
      }),
    );
  }

  private async makeMap(source: OfferedMap | undefined, labels: Labels | null): Promise<void> {
    if (!source) {
      this.map.set(null);
      return;
    }
    try {
      const map = await drawOffered(source, labels);
      if (this.mapOn() && this.mapChosen()?.url === source.url) this.map.set(map);
    } catch (fault) {
      this.mapOn.set(false);
      this.notices.fail(fault);
    }
  }
}

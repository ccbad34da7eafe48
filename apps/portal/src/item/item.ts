import { HttpClient, httpResource } from '@angular/common/http';
import {
  Component,
  DestroyRef,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { factsOf, isErrorCode, operationNames, presetOf, retell, treatmentLevels, type Point } from '@albumen/domain';
import { auditPage, itemView, type DescriptionVersion, type ItemView, type OriginalView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { AuditLines } from '../audit/audit-lines';
import { StateWord } from '../collections/item-card';
import { Fact, Facts } from '../controls/facts';
import { Named } from '../controls/named';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { foundOverlay, type FoundKind } from '../viewer/analysis-overlay';
import { Comparison } from '../viewer/comparison';
import { drawMarkUp } from '../viewer/drawn-marks';
import type { Size } from '../viewer/mark-up-geometry';
import { PenLayer } from '../viewer/pen-layer';
import { ZoomButtons } from '../viewer/zoom-buttons';
import { DamageTable } from './damage-table';
import { DescriptionForm } from './description-form';
import { FoundToggles } from '../viewer/found-toggles';
import { DoubtfulBar } from './doubtful-bar';
import { DoubtfulState } from './doubtful-state';
import { MarkUpTools } from './mark-up-tools';
import { PenState } from './pen-state';
import { RecipeDraft } from './recipe-draft';
import { RecipeEditor } from './recipe-editor';

/** What is this, and what happened to it? */
@Component({
  selector: 'albumen-item',
  imports: [
    RouterLink,
    AsWord,
    AuditLines,
    Comparison,
    DamageTable,
    DescriptionForm,
    DoubtfulBar,
    Fact,
    Facts,
    FoundToggles,
    Icon,
    MarkUpTools,
    Named,
    PenLayer,
    Pressed,
    ProblemPanel,
    RecipeEditor,
    StateWord,
    ZoomButtons,
  ],
  templateUrl: './item.html',
  styleUrl: './item.scss',
  host: { '[class.asking]': 'asking()', '(window:beforeunload)': 'warn($event)' },
})
export class Item {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);

  readonly id = input.required<string>();
  protected readonly view = httpResource(() => `/api/items/${this.id()}`, { parse: (raw) => itemView.parse(raw) });
  protected readonly item = linkedSignal<ItemView | undefined, ItemView | undefined>({
    source: () => (this.view.hasValue() ? this.view.value() : undefined),
    computation: (fresh, previous) => fresh ?? (previous?.value?.id === this.id() ? previous?.value : undefined),
  });
  protected readonly journal = httpResource(() => `/api/items/${this.id()}/journal`, {
    parse: (raw) => auditPage.parse(raw),
  });
  protected readonly originalPlace = linkedSignal({ source: this.id, computation: () => 0 });
  protected readonly original = computed<OriginalView | undefined>(
    () => this.item()?.originals[this.originalPlace()] ?? this.item()?.originals[0],
  );
  protected readonly title = computed(() => {
    const item = this.item();
    return item
      ? this.language.text(item.description.body.title) || item.originals[0]?.fileName || this.t('untitled')
      : '';
  });
  protected readonly maskOn = signal(false);
  protected readonly asking = linkedSignal({ source: this.id, computation: () => false });
  private readonly place = viewChild<ElementRef<HTMLElement>>('place');
  protected readonly draft = new RecipeDraft();
  protected readonly pen = new PenState();
  protected readonly doubtful = new DoubtfulState();
  protected readonly foundOn = signal<ReadonlySet<FoundKind>>(new Set());
  protected readonly overlays = computed<readonly HTMLElement[]>(() => {
    const report = this.original()?.damage;
    const picture = this.original()?.picture;
    const overlays: HTMLElement[] = [];
    if (report && this.foundOn().size) overlays.push(foundOverlay(report, this.foundOn(), this.t, this.formats.share));
    const doubtful = this.looksForDoubt() ? this.doubtful.overlay() : null;
    if (doubtful) overlays.push(doubtful);
    if (picture && this.asking() && this.draft.drawn()) overlays.push(drawMarkUp(this.draft.markUp(), picture));
    return overlays;
  });
  protected readonly mask = computed(() => {
    const address = this.original()?.damageMask;
    if (!this.maskOn() || !address) return null;
    const image = new Image();
    image.src = address;
    image.alt = '';
    return image;
  });
  private readonly looksForDoubt = computed(() => this.asking() && this.pen.tool() === 'doubt');
  /** The doubtful mark that is chosen. */
  protected readonly ring = computed(() => {
    const chosen = this.looksForDoubt() ? this.doubtful.chosen() : null;
    if (!chosen) return null;
    return { box: chosen.box, label: this.t(chosen.kind === 'scratch' ? 'doubt.scratch' : 'doubt.dust') };
  });
  protected readonly failedStep = computed(() => this.original()?.processing.find(({ state }) => state === 'failed'));
  protected readonly openReview = computed(() =>
    this.original()?.restorations.find(({ status, reviewId }) => status === 'proposed' && reviewId !== null),
  );

  constructor() {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && this.moving()) this.view.reload();
    }, 3000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
    effect(() => {
      const original = this.original();
      if (!this.looksForDoubt() || !original?.damageMask || !original.picture) return;
      const { damageMask, picture } = original;
      untracked(() => void this.doubtful.open(damageMask, picture));
    });
  }

  /** What was drawn: a place where a doubtful mark lies, or a line for the tool that is chosen. */
  protected taken(points: readonly Point[], picture: Size): void {
    const [at] = points;
    if (this.pen.tool() !== 'doubt') this.pen.take(points, picture, this.draft);
    else if (at) this.doubtful.choose(at, this.pen.radius());
  }

  /** The longer side of a picture in shares of its width. */
  protected longerSide(picture: { readonly width: number; readonly height: number }): number {
    return Math.max(1, picture.height / picture.width);
  }

  protected operationWords(names: readonly string[]): string {
    return operationNames
      .filter((name) => names.includes(name))
      .map((name) => this.language.text(factsOf(name).label))
      .join(' · ');
  }

  protected failure(code: string, detail: string): string {
    return isErrorCode(code) ? retell(code, detail, this.language.current()) : detail || code;
  }

  protected described(version: DescriptionVersion): void {
    this.item.update((item) => item && { ...item, description: version });
    this.journal.reload();
  }

  /** Opens the request of a restoration with what the measurements propose. */
  protected ask(): void {
    const report = this.original()?.damage;
    const level = this.item()?.collection.treatmentLevel ?? 0;
    if (!report) return;
    this.draft.begin(report, presetOf(treatmentLevels.find((known) => known === level) ?? 0));
    this.pen.tool.set('move');
    this.asking.set(true);
    this.place()?.nativeElement.scrollIntoView({ block: 'start' });
  }

  protected stopAsking(): void {
    if (this.mayLeave()) this.asking.set(false);
  }

  /** False where a request that was not sent would be lost and the person stays. */
  mayLeave(): boolean {
    return !this.asking() || !this.draft.dirty() || confirm(this.t('recipe.leave'));
  }

  protected warn(event: BeforeUnloadEvent): void {
    if (this.asking() && this.draft.dirty()) event.preventDefault();
  }

  protected requested(): void {
    this.asking.set(false);
    this.view.reload();
    this.journal.reload();
  }

  protected async retry(): Promise<void> {
    await this.act(() => this.http.post(`/api/originals/${this.original()?.id}/retry`, null));
  }

  protected async cancel(restorationId: string): Promise<void> {
    await this.act(() => this.http.post(`/api/restorations/${restorationId}/cancel`, null));
  }

  protected async download(original: OriginalView): Promise<void> {
    await this.act(async () => {
      const bytes = await firstValueFrom(this.http.get(`/api/files/original/${original.id}`, { responseType: 'blob' }));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(bytes);
      link.download = original.fileName;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 30_000);
    }, false);
  }

  protected goTo(id: string | null): void {
    if (id) void this.router.navigate(['/desk/items', id]);
  }

  private moving(): boolean {
    const originals = this.item()?.originals ?? [];
    return originals.some(
      (original) =>
        original.processing.some(({ state }) => state === 'waiting' || state === 'running') ||
        original.restorations.some(({ status }) => status === 'requested' || status === 'running') ||
        original.picture === null,
    );
  }

  private async act(act: () => unknown, reload = true): Promise<void> {
    try {
      const result = act();
      if (result instanceof Promise) await result;
      else await firstValueFrom(result as ReturnType<HttpClient['post']>);
      if (reload) {
        this.view.reload();
        this.journal.reload();
      }
    } catch (fault) {
      this.notices.fail(fault);
    }
  }
}

import { ScrollingModule } from '@angular/cdk/scrolling';
import { httpResource } from '@angular/common/http';
import {
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { findRights, presets, treatmentLevelWords } from '@albumen/domain';
import {
  collectionList,
  collectionView,
  itemPage,
  itemStates,
  type CollectionView,
  type ItemRow,
} from '@albumen/contracts';
import { Pages } from '../controls/pages';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { AlbumRequest } from './album-request';
import { Albums } from './albums';
import { CollectionForm } from './collection-form';
import { ItemCard, StateWord } from './item-card';
import { rememberLook, rememberedLook, type Density } from './look';

const cellOf: Record<Density, { readonly width: number; readonly height: number }> = {
  small: { width: 116, height: 124 },
  middle: { width: 188, height: 208 },
  large: { width: 300, height: 300 },
};
const pageSize = 100;

/** What is in this box? Policy at the top, then a virtual grid in three densities or a table. */
@Component({
  selector: 'albumen-collection',
  imports: [
    ScrollingModule,
    RouterLink,
    AlbumRequest,
    Albums,
    AsWord,
    Icon,
    ProblemPanel,
    CollectionForm,
    ItemCard,
    StateWord,
    Pressed,
  ],
  templateUrl: './collection.html',
  styleUrl: './collection.scss',
})
export class Collection {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  private readonly grid = viewChild<ElementRef<HTMLElement>>('grid');
  private readonly albums = viewChild(Albums);

  readonly id = input.required<string>();
  protected readonly states = itemStates;
  protected readonly densities = ['small', 'middle', 'large'] as const;
  protected readonly state = signal('');
  protected readonly q = signal('');
  protected readonly editing = signal(false);
  protected readonly look = signal(rememberedLook());
  protected readonly width = signal(1000);

  protected readonly view = httpResource(() => `/api/collections/${this.id()}`, {
    parse: (raw) => collectionView.parse(raw),
  });
  protected readonly collection = computed(() => (this.view.hasValue() ? this.view.value() : undefined));
  protected readonly tree = httpResource(() => '/api/collections', { parse: (raw) => collectionList.parse(raw) });
  protected readonly all = computed(() => (this.tree.hasValue() ? this.tree.value().rows : []));
  protected readonly children = computed(() => this.all().filter(({ parentId }) => parentId === this.id()));
  protected readonly ancestors = computed(() => {
    const byId = new Map(this.all().map((row) => [row.id, row]));
    const path: CollectionView[] = [];
    for (let at = byId.get(this.collection()?.parentId ?? ''); at && path.length < 20; at = byId.get(at.parentId ?? ''))
      path.unshift(at);
    return path;
  });

  protected readonly list = new Pages(
    () => ({ url: `/api/collections/${this.id()}/items`, params: this.query() }),
    (raw) => itemPage.parse(raw),
  );
  protected readonly first = this.list.first;
  protected readonly rows = this.list.rows;
  protected readonly total = computed(() => (this.first.hasValue() ? this.first.value().total : null));

  protected readonly cell = computed(() => cellOf[this.look().density]);
  protected readonly columns = computed(() => Math.max(2, Math.floor((this.width() + 12) / (this.cell().width + 12))));
  protected readonly lines = computed(() => {
    const lines: ItemRow[][] = [];
    for (let start = 0; start < this.rows().length; start += this.columns())
      lines.push(this.rows().slice(start, start + this.columns()));
    return lines;
  });
  protected readonly rights = computed(() => findRights(this.collection()?.rights));
  protected readonly presets = presets;
  protected readonly emptySet: ReadonlySet<string> = new Set();
  /** Choosing items for one recipe: what is ticked, or null while nobody chooses. */
  protected readonly ticked = linkedSignal<string, ReadonlySet<string> | null>({
    source: this.id,
    computation: () => null,
  });
  protected readonly level = computed(() => treatmentLevelWords[this.collection()?.treatmentLevel ?? 0]);

  constructor() {
    const observer = new ResizeObserver(([entry]) => entry && this.width.set(entry.contentRect.width));
    afterNextRender(() => {
      const grid = this.grid()?.nativeElement;
      if (grid) observer.observe(grid);
    });
    const timer = setInterval(() => {
      const moving = this.rows().some(({ state }) => state === 'processing');
      if (moving && this.rows().length <= pageSize && document.visibilityState === 'visible') this.first.reload();
    }, 5000);
    inject(DestroyRef).onDestroy(() => {
      observer.disconnect();
      clearInterval(timer);
    });
  }

  protected readonly byId = (_place: number, item: ItemRow): string => item.id;
  protected readonly byFirst = (_place: number, line: readonly ItemRow[]): string => line[0]?.id ?? '';

  protected show(change: Partial<ReturnType<typeof rememberedLook>>): void {
    this.look.update((look) => ({ ...look, ...change }));
    rememberLook(this.look());
  }

  /** Asks for the next page once the last lines come into sight. */
  protected reached(line: number): void {
    const perLine = this.look().table ? 1 : this.columns();
    if ((line + 12) * perLine >= this.rows().length) void this.list.more();
  }

  protected tick(id: string): void {
    this.ticked.update((ticked) => {
      const next = new Set(ticked);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }

  protected tickAll(all: boolean): void {
    this.ticked.set(new Set(all ? this.rows().map(({ id }) => id) : []));
  }

  /** In choosing mode a click on an item ticks it instead of opening it. */
  protected clicked(event: Event, item: ItemRow): void {
    if (!this.ticked()) return;
    event.preventDefault();
    event.stopPropagation();
    this.tick(item.id);
  }

  /** Something was asked for: states and albums are others now. */
  protected asked(): void {
    this.first.reload();
    this.albums()?.reload();
  }

  protected saved(collection: CollectionView): void {
    this.view.set(collection);
    this.tree.reload();
    this.editing.set(false);
  }

  private query(): Record<string, string | number> {
    return {
      limit: pageSize,
      ...(this.state() ? { state: this.state() } : {}),
      ...(this.q() ? { q: this.q() } : {}),
    };
  }
}

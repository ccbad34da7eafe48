import { HttpErrorResponse, httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { RouterLink } from '@angular/router';
import { didOf, operationNames, treatmentLevelWords, treatmentLevels } from '@albumen/domain';
import { photographView, type PictureView } from '@albumen/contracts';
import { Fact, Facts } from '../controls/facts';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { shownOf } from '../problems/problem';
import { drawChangeMap, legendGradient, mapEnds, noticeable } from '../viewer/change-map';
import { Comparison, type Composed } from '../viewer/comparison';
import { ZoomButtons } from '../viewer/zoom-buttons';

/** What am I looking at, and is it true? The picture first, then what was changed, then how we know. */
@Component({
  selector: 'albumen-photograph',
  imports: [RouterLink, Comparison, Fact, Facts, Icon, Pressed, ProblemPanel, ZoomButtons],
  templateUrl: './photograph.html',
  styleUrl: './photograph.scss',
})
export class Photograph {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  private readonly notices = inject(Notices);
  private readonly pageTitle = inject(Title);

  readonly id = input.required<string>();
  protected readonly view = httpResource(() => `/api/public/photographs/${this.id()}`, {
    parse: (raw) => photographView.parse(raw),
  });
  protected readonly photo = computed(() => (this.view.hasValue() ? this.view.value() : undefined));
  /** The sentence of a withdrawal, or null; the address answers 410 then. */
  protected readonly gone = computed(() => {
    const error = this.view.error();
    const cause = error?.cause ?? error;
    return cause instanceof HttpErrorResponse && cause.status === 410 ? shownOf(error) : null;
  });
  protected readonly missing = computed(() => {
    const cause = this.view.error()?.cause ?? this.view.error();
    return cause instanceof HttpErrorResponse && (cause.status === 404 || cause.status === 400);
  });
  protected readonly mode = linkedSignal<string, 'original' | 'restored' | 'curtain'>({
    source: this.id,
    computation: () => 'curtain',
  });
  protected readonly modes = [
    { mode: 'original', word: 'photo.original' },
    { mode: 'restored', word: 'photo.restored' },
    { mode: 'curtain', word: 'photo.compare' },
  ] as const;
  protected readonly mapOn = signal(false);
  protected readonly map = signal<HTMLCanvasElement | null>(null);
  protected readonly smallMap = signal<string | null>(null);
  protected readonly share = signal(0.5);
  protected readonly holding = signal(false);
  protected readonly citing = signal(false);
  protected readonly legend = legendGradient;
  protected readonly legendStart = noticeable;
  protected readonly legendEnd = mapEnds;

  protected readonly title = computed(() => this.language.text(this.photo()?.description.title) || this.t('untitled'));
  protected readonly composed = computed<Composed | null>(() => {
    const restored = this.photo()?.restored;
    return restored ? { layers: [{ picture: restored, opacity: 1 }], patches: [], patchBoxes: [] } : null;
  });
  protected readonly when = computed(() => {
    const about = this.photo()?.description;
    return about ? [about.dateAsWritten, about.places[0]].filter(Boolean).join(' · ') : '';
  });
  /** What is written about it, each where somebody wrote it. */
  protected readonly facts = computed(() => {
    const about = this.photo()?.description;
    if (!about) return [];
    return (
      [
        { word: 'photo.people', text: about.people.join(', ') },
        { word: 'photo.places', text: about.places.join(', ') },
        { word: 'photo.creator', text: about.creator },
        { word: 'photo.technique', text: about.extentAndTechnique },
        { word: 'photo.code', text: about.referenceCode },
      ] as const
    ).filter(({ text }) => text);
  });
  protected readonly downloads = computed(() => {
    const files = this.photo()?.downloads;
    if (!files) return [];
    const of = <Word extends string>(word: Word, file: { url: string; mediaType: string; bytes: number }) => ({
      word,
      url: file.url,
      kind: file.mediaType.split('/')[1]?.toUpperCase() ?? file.mediaType,
      bytes: file.bytes,
    });
    return [
      of('photo.download.original', files.original),
      ...(files.restored ? [of('photo.download.restored', files.restored)] : []),
    ];
  });
  protected readonly levelWord = computed(() => {
    const level = treatmentLevels.find((known) => known === this.photo()?.changes?.level) ?? 0;
    return this.language.text(treatmentLevelWords[level]);
  });
  protected readonly steps = computed(() => {
    const { operations = [], broughtIn = [] } = this.photo()?.changes ?? {};
    return operationNames
      .filter((name) => operations.includes(name))
      .map((name) => this.language.text(didOf(name, broughtIn.includes(name))))
      .join('; ');
  });
  protected readonly citation = computed(() => {
    const photo = this.photo();
    if (!photo) return '';
    const about = photo.description;
    return [
      about.creator,
      `“${this.title()}”`,
      about.dateAsWritten,
      this.language.text(photo.collection.title),
      about.referenceCode,
      `Albumen, ${this.t('photo.release', { n: photo.number, date: this.formats.date(photo.publishedAt) })}`,
      `${location.origin}/photographs/${photo.id}`,
    ]
      .filter(Boolean)
      .join(', ');
  });

  constructor() {
    effect(() => this.pageTitle.setTitle(this.photo() ? `${this.title()} · Albumen` : 'Albumen'));
    effect(() => {
      const changes = this.photo()?.changes;
      untracked(() => {
        this.map.set(null);
        this.smallMap.set(null);
        this.mapOn.set(false);
        if (changes) void this.draw(changes.changeMap);
      });
    });
  }

  /** Address of the picture at that width, or at its own where it is narrower: the image service does not enlarge. */
  protected pictureAt(picture: PictureView, width: number): string {
    const size = picture.width <= width ? 'max' : `${width},`;
    return `${picture.url}/full/${size}/0/default.jpg`;
  }

  protected async copy(text: string, en: string, vi: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.notices.say(en, vi);
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  protected async passOn(): Promise<void> {
    const url = `${location.origin}/photographs/${this.id()}`;
    if (!navigator.share) {
      await this.copy(url, 'The address is copied.', 'Đã sao chép địa chỉ.');
      return;
    }
    await navigator.share({ title: this.title(), url }).catch((fault: unknown) => {
      if (!(fault instanceof DOMException && fault.name === 'AbortError')) this.notices.fail(fault);
    });
  }

  private async draw(source: { url: string; deltaEPerLevel: number }): Promise<void> {
    try {
      const map = await drawChangeMap(source.url, source.deltaEPerLevel, null);
      if (this.photo()?.changes?.changeMap.url !== source.url) return;
      this.map.set(map);
      this.smallMap.set(map.toDataURL());
    } catch (fault) {
      console.warn('The change map could not be drawn', fault);
    }
  }
}

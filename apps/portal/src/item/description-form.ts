import { HttpClient } from '@angular/common/http';
import { Component, DestroyRef, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import { findRights, rightsStatements, sides, tidyText } from '@albumen/domain';
import { descriptionVersion, itemView, type DescriptionBody, type DescriptionVersion } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { shownOf } from '../problems/problem';
import { Session } from '../session/session';
import { Chips } from './chips';
import { differing, looksLikeEdtf, mergeDrafts, readField, withField, type DraftField } from './description-draft';

const draftsAt = 'albumen.draft.';
const settleFor = 1200;

interface Conflict {
  readonly theirs: DescriptionVersion;
  readonly fields: readonly DraftField[];
}

/**
 * The description, edited in place. Saves by itself shortly after the last key, with the version it was made from; what
 * is not saved is kept on this device. Where somebody else saved meanwhile, fields that only one changed are joined and the
 * others are shown side by side.
 */
@Component({
  selector: 'albumen-description-form',
  imports: [AsWord, Chips, Icon, ProblemPanel],
  templateUrl: './description-form.html',
  styleUrl: './description-form.scss',
})
export class DescriptionForm {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  private readonly session = inject(Session);
  private readonly http = inject(HttpClient);

  readonly itemId = input.required<string>();
  readonly version = input.required<DescriptionVersion>();
  readonly collectionRights = input<string | null>(null);
  readonly saved = output<DescriptionVersion>();

  protected readonly statements = rightsStatements;
  protected readonly sides = sides;
  protected readonly editable = computed(() => this.session.may('item.describe'));
  protected readonly draft = signal<DescriptionBody | null>(null);
  protected readonly state = signal<'saved' | 'unsaved' | 'saving' | 'failed'>('saved');
  protected readonly fault = signal<unknown>(null);
  protected readonly conflict = signal<Conflict | null>(null);
  protected readonly chosen = signal<ReadonlyMap<DraftField, 'mine' | 'theirs'>>(new Map());
  protected readonly base = signal<DescriptionVersion | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private loadedFor = '';

  protected readonly edtfDoubt = computed(() => !looksLikeEdtf(this.draft()?.edtf.trim() ?? ''));
  protected readonly inherited = computed(() => {
    const statement = findRights(this.collectionRights());
    return statement ? this.language.text(statement.label) : this.t('field.rights.none');
  });

  constructor() {
    effect(() => {
      const id = this.itemId();
      const version = this.version();
      untracked(() => this.take(id, version));
    });
    effect(() => {
      if (this.session.renewals() > 0) untracked(() => this.state() === 'failed' && void this.save());
    });
    const leave = (event: BeforeUnloadEvent): void => {
      if (this.state() !== 'saved') event.preventDefault();
    };
    addEventListener('beforeunload', leave);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('beforeunload', leave);
      clearTimeout(this.timer);
      if (this.state() === 'unsaved') void this.save();
    });
  }

  protected read(field: DraftField, body = this.draft()): string {
    return body ? readField(body, field) : '';
  }

  protected write(field: DraftField, text: string): void {
    this.change((body) => withField(body, field, text));
  }

  protected writeList(field: 'people' | 'places', names: readonly string[]): void {
    this.change((body) => ({ ...body, [field]: [...names] }));
  }

  protected textOf(event: Event): string {
    return (event.target as HTMLInputElement).value;
  }

  protected pick(field: DraftField, side: 'mine' | 'theirs'): void {
    this.chosen.update((chosen) => new Map(chosen).set(field, side));
  }

  protected settle(): void {
    const conflict = this.conflict();
    const draft = this.draft();
    if (!conflict || !draft) return;
    let body = draft;
    for (const field of conflict.fields)
      if (this.chosen().get(field) === 'theirs') body = withField(body, field, readField(conflict.theirs.body, field));
    this.base.set(conflict.theirs);
    this.conflict.set(null);
    this.draft.set(body);
    void this.save();
  }

  protected async save(): Promise<void> {
    clearTimeout(this.timer);
    const draft = this.draft();
    const base = this.base();
    if (!draft || !base || this.conflict() || this.state() === 'saving') return;
    this.state.set('saving');
    this.fault.set(null);
    const id = this.itemId();
    const body = tidy(draft);
    try {
      const answer = await firstValueFrom(
        this.http.put<unknown>(`/api/items/${id}/description`, { fromVersion: base.version, body }),
      );
      const version = descriptionVersion.parse(answer);
      this.base.set(version);
      const typedMeanwhile = this.draft() !== draft;
      this.state.set(typedMeanwhile ? 'unsaved' : 'saved');
      if (typedMeanwhile) this.later();
      else this.forget(id);
      this.saved.emit(version);
    } catch (fault) {
      this.state.set('failed');
      if (shownOf(fault).code === 'item.changed-meanwhile') await this.meet(id, base);
      else this.fault.set(fault);
    }
  }

  private take(id: string, version: DescriptionVersion): void {
    const base = this.base();
    if (this.loadedFor === id && base && (this.state() !== 'saved' || version.version <= base.version)) return;
    this.loadedFor = id;
    this.base.set(version);
    this.draft.set(version.body);
    this.state.set('saved');
    this.conflict.set(null);
    this.fault.set(null);
    const kept = this.recall(id);
    if (kept && differing(kept, version.body).length > 0) {
      this.draft.set(kept);
      this.state.set('unsaved');
    }
  }

  private change(make: (body: DescriptionBody) => DescriptionBody): void {
    this.draft.update((body) => body && make(body));
    if (this.state() !== 'saving') this.state.set('unsaved');
    this.keep();
    this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), settleFor);
  }

  /** Somebody saved meanwhile: joins what can be joined and shows the rest. */
  private async meet(id: string, base: DescriptionVersion): Promise<void> {
    try {
      const item = itemView.parse(await firstValueFrom(this.http.get<unknown>(`/api/items/${id}`)));
      const mine = this.draft();
      if (!mine || this.itemId() !== id) return;
      const merged = mergeDrafts(base.body, mine, item.description.body);
      this.draft.set(merged.body);
      if (merged.conflicts.length === 0) {
        this.base.set(item.description);
        this.state.set('unsaved');
        this.later();
        return;
      }
      this.chosen.set(new Map(merged.conflicts.map((field) => [field, 'mine'])));
      this.conflict.set({ theirs: item.description, fields: merged.conflicts });
    } catch (fault) {
      this.fault.set(fault);
    }
  }

  private keep(): void {
    try {
      sessionStorage.setItem(draftsAt + this.itemId(), JSON.stringify(this.draft()));
    } catch (fault) {
      console.warn('The draft could not be kept on this device', fault);
    }
  }

  private recall(id: string): DescriptionBody | null {
    try {
      return JSON.parse(sessionStorage.getItem(draftsAt + id) ?? 'null') as DescriptionBody | null;
    } catch (fault) {
      console.warn('The kept draft could not be read', fault);
      return null;
    }
  }

  private forget(id: string): void {
    try {
      sessionStorage.removeItem(draftsAt + id);
    } catch (fault) {
      console.warn('The kept draft could not be removed', fault);
    }
  }
}

function tidy(body: DescriptionBody): DescriptionBody {
  return {
    ...body,
    title: tidyText(body.title),
    description: tidyText(body.description),
    alternativeText: tidyText(body.alternativeText),
    dateAsWritten: body.dateAsWritten.trim(),
    edtf: body.edtf.trim(),
  };
}

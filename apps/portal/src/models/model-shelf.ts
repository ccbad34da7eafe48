import { httpResource } from '@angular/common/http';
import { Injectable, inject, linkedSignal, signal } from '@angular/core';
import { factsOf, type Operation } from '@albumen/domain';
import { modelList, type ModelView } from '@albumen/contracts';
import { Session } from '../session/session';

/** Every model there is, shipped and brought in. It is read when a screen first asks, and again whenever one opens. */
@Injectable({ providedIn: 'root' })
export class ModelShelf {
  private readonly session = inject(Session);
  private readonly asked = signal(false);
  readonly view = httpResource(() => (this.asked() ? '/api/models' : undefined), {
    parse: (raw) => modelList.parse(raw),
  });
  /** Rows as last read or changed; undefined until they are there. They stay in sight while they are read again. */
  readonly rows = linkedSignal<readonly ModelView[] | undefined, readonly ModelView[] | undefined>({
    source: () => (this.view.hasValue() ? this.view.value().rows : undefined),
    computation: (fresh, previous) => fresh ?? previous?.value,
  });

  /** Reads the models, or reads them again. Who may not see them gets none. */
  read(): void {
    if (!this.session.may('models.read')) return;
    if (this.asked()) this.view.reload();
    else this.asked.set(true);
  }

  /** Puts a model as it is now in the place of what was known of it. */
  replace(model: ModelView): void {
    this.rows.update((rows) =>
      rows?.map((known) => (known.id === model.id && known.version === model.version ? model : known)),
    );
  }

  /** See `fittingOf`. */
  fitting(operation: Operation, scale?: number): readonly ModelView[] {
    return fittingOf(this.rows() ?? [], operation, scale);
  }
}

/** Accepted models among these that a step of this operation may name; of those that enlarge, by that scale. */
export function fittingOf(rows: readonly ModelView[], operation: Operation, scale?: number): readonly ModelView[] {
  if (!factsOf(operation).broughtIn) return [];
  return rows.filter(
    ({ state, operations, examined }) =>
      state === 'accepted' &&
      operations.includes(operation) &&
      (operation !== 'enlarge' || scale === undefined || examined?.scale === scale),
  );
}

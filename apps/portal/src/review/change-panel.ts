import { Component, computed, inject, input, linkedSignal, model, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { factsOf, isWhite, regionKinds, treatmentLevelWords, treatmentLevels, type Operation } from '@albumen/domain';
import type { DeskView, PictureView, RegionView } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { measureWords } from '../language/measure-words';
import { foundCount, foundKinds, type FoundKind } from '../viewer/analysis-overlay';
import { FoundToggles } from '../viewer/found-toggles';
import { Acceptance, type AcceptanceWord } from './acceptance';
import { byRisk } from './composite';
import { LayerRow } from './layer-row';
import { RecipeDetails } from './recipe-details';

type Kind = (typeof regionKinds)[number];
interface Group {
  readonly kind: Kind;
  readonly regions: readonly RegionView[];
  readonly rejected: number;
  /** The word that every region of it has, or that they differ. */
  readonly given: AcceptanceWord;
  readonly share: number;
  readonly canInvent: boolean;
  /** What was done, where nothing was replaced. */
  readonly did: string;
}

/** What changed, in numbers, regions in order of risk and layers with their strength; every one is decided by itself. */
@Component({
  selector: 'albumen-change-panel',
  imports: [Acceptance, RouterLink, AsWord, FoundToggles, Icon, LayerRow, RecipeDetails],
  templateUrl: './change-panel.html',
  styleUrl: './change-panel.scss',
})
export class ChangePanel {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  readonly desk = input.required<DeskView>();
  readonly current = input<number | null>(null);
  /** False where the reader may look only. */
  readonly active = input(true);
  /** True where the nearest stored picture stands in for the exact one. */
  readonly incomplete = input(false);
  /** How far the exact one is, while it is computed. */
  readonly computing = input<{ readonly share: number; readonly secondsLeft: number | null } | null>(null);
  readonly enlarged = input<PictureView | null>(null);
  readonly showsEnlarged = input(false);
  /** Kinds whose boxes are shown on the picture. */
  readonly found = model<ReadonlySet<FoundKind>>(new Set());
  readonly computeAsked = output();
  readonly enlargedToggled = output();
  readonly regionChosen = output<number>();
  readonly regionsDecided = output<{ readonly ordinals: readonly number[]; readonly acceptance: AcceptanceWord }>();
  readonly layerDecided = output<{
    readonly operation: Operation;
    readonly acceptance: AcceptanceWord;
    readonly strength: number;
  }>();

  protected readonly groups = computed<readonly Group[]>(() =>
    regionKinds
      .map((kind) => {
        const regions = byRisk(this.desk().regions.filter((region) => region.kind === kind));
        return {
          kind,
          regions,
          rejected: regions.filter(({ acceptance }) => acceptance === 'rejected').length,
          given: regions.every(({ acceptance }) => acceptance === regions[0]?.acceptance)
            ? (regions[0]?.acceptance ?? 'undecided')
            : 'undecided',
          share: regions.reduce((sum, { share }) => sum + share, 0),
          canInvent: regions.some(({ operation }) => factsOf(operation).canInvent),
          did: regions[0] ? this.language.text(factsOf(regions[0].operation).did) : '',
        };
      })
      .filter(({ regions }) => regions.length > 0)
      // What was replaced comes first, under the word that says so.
      .sort((one, other) => Number(other.canInvent) - Number(one.canInvent) || other.share - one.share),
  );
  /** Groups that stand open: short ones from the start, and that of the region one stands at. */
  protected readonly open = linkedSignal<ReadonlySet<Kind>>(
    () =>
      new Set(
        this.groups()
          .filter(({ regions }) => regions.length <= 4)
          .map(({ kind }) => kind),
      ),
    {
      equal: (one, other) => one.size === other.size && [...one].every((kind) => other.has(kind)),
    },
  );
  protected readonly levelWord = computed(() => {
    const level = treatmentLevels.find((known) => known === this.desk().recipe.level) ?? 0;
    return this.language.text(treatmentLevelWords[level]);
  });
  protected readonly notMeasured = computed(() => measureWords(this.desk().damage.notMeasured, this.t));
  protected readonly anythingFound = computed(() =>
    foundKinds.some((kind) => (foundCount(this.desk().damage, kind) ?? 0) > 0),
  );
  /** White noise is the scanner's, and no texture of the photograph. */
  protected readonly white = computed(() => isWhite(this.desk().damage.noise));
  protected readonly grainBelow = computed(() => {
    const texture = this.desk().numbers.texture;
    if (texture === undefined || this.white()) return false;
    return texture.grainBefore > 0 && texture.grainKept < this.desk().grainFloor;
  });
  protected readonly requested = computed(() =>
    this.desk()
      .requestedBy.map(({ name }) => name)
      .join(', '),
  );

  protected shown(group: Group): readonly RegionView[] {
    if (this.open().has(group.kind)) return group.regions.slice(0, 200);
    return group.regions.filter(({ ordinal }) => ordinal === this.current());
  }

  protected toggle(kind: Kind): void {
    this.open.update((open) => {
      const next = new Set(open);
      if (!next.delete(kind)) next.add(kind);
      return next;
    });
  }

  protected decideGroup(group: Group, acceptance: AcceptanceWord): void {
    this.regionsDecided.emit({ ordinals: group.regions.map(({ ordinal }) => ordinal), acceptance });
  }

  protected decide(region: RegionView, acceptance: AcceptanceWord): void {
    this.regionsDecided.emit({
      ordinals: [region.ordinal],
      acceptance: region.acceptance === acceptance ? 'undecided' : acceptance,
    });
  }
}

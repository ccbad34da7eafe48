import type { DescriptionVersion } from '@albumen/contracts';
import type { DamageClass, LocalText, Operation, Side, TreatmentLevel } from '@albumen/domain';

/** A picture file of a release, by the id of its derivative. */
export interface ReleasePicture {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** What was changed in one picture of a release: measurements, and who approved it by id. */
export interface ReleaseTreatment {
  readonly restorationId: string;
  readonly picture: ReleasePicture;
  readonly master: { readonly id: string; readonly mediaType: string; readonly bytes: number } | null;
  readonly changeMap: ReleasePicture & { readonly deltaEPerLevel: number };
  /** Accepted regions by class of damage, and those that a person drew (absent in releases of older versions). */
  readonly marks: Readonly<Record<DamageClass, number>> & { readonly drawn?: number };
  /** Accepted whole-picture steps, in recipe order. */
  readonly layers: readonly Operation[];
  /** All accepted operations, in recipe order. */
  readonly operations: readonly Operation[];
  /** Those of them that a model of the institution's own did; absent in releases without any. */
  readonly broughtIn?: readonly Operation[];
  /** Lost areas that were rebuilt; they are not among the marks. Absent where there are none. */
  readonly rebuilt?: number;
  /** Stained areas that were taken back; they are not among the marks. Absent where there are none. */
  readonly stainsReduced?: number;
  readonly replacedShare: number;
  readonly regionCount: number;
  readonly meanDeltaE: number;
  readonly level: TreatmentLevel;
  readonly approvedBy: string;
  readonly approvedAt: string;
}

export interface ReleaseOriginal {
  readonly id: string;
  readonly side: Side;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly picture: ReleasePicture;
  readonly thumbnail: ReleasePicture | null;
  readonly treatment: ReleaseTreatment | null;
}

/** The frozen content of a release beside its manifest, as `publication.view` keeps it. Names of staff are not in it. */
export interface Release {
  readonly version: 1;
  readonly description: Omit<DescriptionVersion['body'], 'custody'>;
  readonly rights: string;
  readonly collection: { readonly id: string; readonly title: LocalText };
  /** At least one; the first is the face of the photograph. */
  readonly originals: readonly ReleaseOriginal[];
  /** Ids of the derivatives, originals and restorations that anybody may read while the release stands. */
  readonly open: {
    readonly derivatives: readonly string[];
    readonly originals: readonly string[];
    readonly restorations: readonly string[];
  };
  /** Folded text of what is public. */
  readonly search: string;
}

import type { Description, LocalText, Operation, Side, TreatmentLevel } from '@albumen/domain';

/** A picture behind an image service. */
export interface ManifestPicture {
  /** Absolute address of the image service, without trailing slash. */
  readonly service: string;
  /** Pixels, orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Smaller sizes that the service names in `sizes`; a thumbnail is chosen among them. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
}

/** What was done to a picture by machine and agreed to by a person. */
export interface ManifestTreatment {
  readonly level: TreatmentLevel;
  /** Operations whose layers or regions were accepted, in recipe order. */
  readonly operations: readonly Operation[];
  /** Name of the person who approved. */
  readonly approvedBy: string;
  /** UTC, ISO 8601. */
  readonly approvedAt: string;
  /** Absolute address of the signed receipt (JSON). */
  readonly receipt: string;
}

/** One original, and its restoration where one was approved. */
export interface ManifestCanvas {
  readonly side: Side;
  /** The name the file came with. */
  readonly fileName: string;
  readonly original: ManifestPicture;
  readonly restoration: (ManifestPicture & { readonly treatment: ManifestTreatment }) | null;
}

/** A file that can be downloaded. */
export interface ManifestDownload {
  readonly url: string;
  readonly mediaType: string;
  readonly label: LocalText;
}

/** Who publishes. */
export interface ManifestProvider {
  /** An address that names the institution. */
  readonly id: string;
  readonly label: LocalText;
  readonly homepage: string;
}

/** Everything a manifest is made of; plain data, all addresses absolute. */
export interface ManifestFacts {
  /** Address of the manifest itself, without fragment. */
  readonly id: string;
  readonly description: Description;
  /** URI of the rights statement that holds: the item's own or its collection's. */
  readonly rights: string;
  readonly collection: LocalText;
  /** In the order of the album page: front, back, … At least one. */
  readonly canvases: readonly ManifestCanvas[];
  /** Public page of the photograph. */
  readonly homepage: string;
  readonly downloads: readonly ManifestDownload[];
  readonly provider?: ManifestProvider;
}

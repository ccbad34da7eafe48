/** Both digests of the same bytes, lower-case hex. */
export interface Digests {
  readonly sha256: string;
  readonly sha512: string;
  readonly bytes: number;
}

/** A file on local disk that stands for stored bytes; release it when done (a no-op on the filesystem adapter). */
export interface LocalFile extends AsyncDisposable {
  readonly path: string;
}

/** What is kept beside the bytes of an original in its object: enough to rebuild the catalogue's row. */
export interface IntakeRecord {
  readonly objectId: string;
  readonly itemId: string;
  readonly originalId: string;
  readonly accessionId: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly sha512: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly receivedAt: string;
  readonly receivedBy: string;
}

/** Byte range, both ends inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Originals: kept once, for ever. There is no overwrite and no delete here on purpose. */
export interface OriginalStore {
  /**
   * Keeps the file as version 1 of the object and answers its key. Repeating the same call after a crash completes the
   * same object. The bytes are read back and compared. Throws `original.digest-differs`, `original.immutable` where
   * the object already holds other bytes, `storage.full`.
   */
  keep(file: { readonly path: string; readonly record: IntakeRecord }): Promise<{ readonly key: string }>;
  has(key: string): Promise<boolean>;
  /** Throws `storage.missing`. */
  local(key: string): Promise<LocalFile>;
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  /** Reads every byte again. Throws `storage.missing`. */
  digest(key: string): Promise<Digests>;
  /** Every intake record found in the store, for `rebuild` and `verify`. */
  records(): AsyncIterable<IntakeRecord & { readonly key: string }>;
}

/** Derivatives: content-addressed; the key is made from the sha256, so a repeat stores the same bytes at the same place. */
export interface DerivativeStore {
  /** Moves (same disk) or copies the file in; `extension` without dot. */
  keepFile(
    path: string,
    extension: string,
  ): Promise<{ readonly key: string; readonly sha256: string; readonly bytes: number }>;
  keepBytes(
    bytes: Uint8Array,
    extension: string,
  ): Promise<{ readonly key: string; readonly sha256: string; readonly bytes: number }>;
  has(key: string): Promise<boolean>;
  local(key: string): Promise<LocalFile>;
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  readBytes(key: string): Promise<Uint8Array>;
  /** Removes a derivative that no row names any more; originals have no such method. */
  remove(key: string): Promise<void>;
}

/** Uploads that have not become originals yet: one growing file per accession file. */
export interface StagingStore {
  /** Absolute local path of the staged bytes of that file; its folder exists. */
  pathOf(fileId: string): Promise<string>;
  discard(fileId: string): Promise<void>;
  /** An empty scratch folder for one piece of work, removed on dispose. */
  scratch(name: string): Promise<LocalFile>;
  /** Bytes free on the disk that holds the data. */
  freeBytes(): Promise<number>;
}

/** Signed static files of the audit log (checkpoints, tiles), outside the database. Paths as in C2SP tlog-tiles. */
export interface LogFiles {
  write(path: string, bytes: Uint8Array): Promise<void>;
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Where bytes live. */
export interface ObjectStore {
  readonly originals: OriginalStore;
  readonly derivatives: DerivativeStore;
  readonly staging: StagingStore;
  readonly log: LogFiles;
}

import { intakeLimits } from '@albumen/domain';

/** A file that a person chose, with its path inside the folder and what is known before it is sent. */
export interface ChosenFile {
  readonly file: File;
  /** '/'-separated, exactly as on the disk (no normalisation). */
  readonly path: string;
  readonly kind: 'jpeg' | 'tiff' | 'png' | 'webp' | null;
  /** Why it will probably be refused, or null. Only the server decides. */
  readonly doubt: 'empty' | 'not-a-picture' | 'too-large' | 'unreadable' | null;
}

/** The kind of picture that the first bytes name, or null. Needs 12 bytes to know WebP. */
export function kindOf(head: Uint8Array): ChosenFile['kind'] {
  const starts = (...bytes: readonly number[]): boolean => bytes.every((byte, place) => head[place] === byte);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (
    starts(0x49, 0x49, 0x2a, 0) ||
    starts(0x4d, 0x4d, 0, 0x2a) ||
    starts(0x49, 0x49, 0x2b, 0) ||
    starts(0x4d, 0x4d, 0, 0x2b)
  )
    return 'tiff';
  if (starts(0x52, 0x49, 0x46, 0x46) && String.fromCharCode(...head.slice(8, 12)) === 'WEBP') return 'webp';
  return null;
}

/** Looks at the first bytes of one file. */
export async function lookAt(file: File, path: string): Promise<ChosenFile> {
  if (file.size === 0) return { file, path, kind: null, doubt: 'empty' };
  try {
    const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
    const doubt = kind === null ? 'not-a-picture' : file.size > intakeLimits.maxBytes ? 'too-large' : null;
    return { file, path, kind, doubt };
  } catch (fault) {
    console.warn('A chosen file cannot be read', path, fault);
    return { file, path, kind: null, doubt: 'unreadable' };
  }
}

/** Files from an input; a folder picker gives their paths. */
export function filesOfInput(input: HTMLInputElement): readonly { file: File; path: string }[] {
  return [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** Files from a drop, folders walked to their ends. Hidden files that systems leave behind are skipped. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly { file: File; path: string }[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: { file: File; path: string }[] = [];
  for (const entry of entries) await walk(entry, '', found);
  return found;
}

/** True for files that systems leave in folders and nobody means to bring in. */
export function isLeftover(path: string): boolean {
  const name = path.split('/').at(-1) ?? path;
  return name === '.DS_Store' || name === 'Thumbs.db' || name === 'desktop.ini' || name.startsWith('._');
}

async function walk(entry: FileSystemEntry, parent: string, found: { file: File; path: string }[]): Promise<void> {
  const path = parent ? `${parent}/${entry.name}` : entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((take, fail) => (entry as FileSystemFileEntry).file(take, fail));
    found.push({ file, path });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const children = await new Promise<FileSystemEntry[]>((take, fail) => reader.readEntries(take, fail));
    if (children.length === 0) return;
    for (const child of children) await walk(child, path, found);
  }
}

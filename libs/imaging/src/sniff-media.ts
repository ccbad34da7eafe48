import type { AcceptedMedia } from '@albumen/domain';

/** What bytes are, by content. `mediaType` is null for what is not taken in; `picture` says whether it is a picture at all. */
export interface SniffedMedia {
  readonly mediaType: AcceptedMedia | null;
  /** Plain name for the refusal's sentence, such as "HEIC" or "a text file". */
  readonly name: string;
  readonly picture: boolean;
}

const accepted = (mediaType: AcceptedMedia, name: string): SniffedMedia => ({ mediaType, name, picture: true });
const otherPicture = (name: string): SniffedMedia => ({ mediaType: null, name, picture: true });
const noPicture = (name: string): SniffedMedia => ({ mediaType: null, name, picture: false });

/** How many first bytes `sniffMedia` looks at; more do not change its answer. */
export const sniffBytes = 4096;

/** Names what the first bytes of a file are; the file's name plays no part. Never throws. */
export function sniffMedia(head: Uint8Array): SniffedMedia {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, sniffBytes));
  if (bytes.length === 0) return noPicture('an empty file');
  return sniffPicture(bytes) ?? sniffDocument(bytes) ?? noPicture('unknown data');
}

function sniffPicture(bytes: Buffer): SniffedMedia | undefined {
  const starts = (hex: string): boolean => bytes.subarray(0, hex.length / 2).toString('hex') === hex;
  const ascii = (from: number, to: number): string => bytes.toString('latin1', from, to);
  if (starts('ffd8ff')) return accepted('image/jpeg', 'JPEG');
  if (starts('89504e470d0a1a0a')) return accepted('image/png', 'PNG');
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return accepted('image/webp', 'WebP');
  if (starts('49492a00') || starts('4d4d002a') || starts('49492b00') || starts('4d4d002b')) return sniffTiff(bytes);
  if (ascii(0, 4) === 'GIF8') return otherPicture('GIF');
  if (starts('0000000c6a502020') || starts('ff4fff51')) return otherPicture('JPEG 2000');
  if (starts('0000000c4a584c20') || starts('ff0a')) return otherPicture('JPEG XL');
  if (ascii(4, 8) === 'ftyp') return sniffBoxes(ascii(8, 12));
  if (ascii(0, 4) === '8BPS') return otherPicture('Photoshop (PSD)');
  if (ascii(0, 15) === 'FUJIFILMCCD-RAW' || starts('49495500') || ascii(0, 4) === 'IIRO' || ascii(0, 4) === 'FOVb')
    return otherPicture('camera raw');
  if (ascii(0, 2) === 'BM' && bytes.length > 26 && bytes.readUInt32LE(14) <= 124) return otherPicture('BMP');
  if (/^P[1-7][\s#]/.test(ascii(0, 3)) && bytes.length > 6) return otherPicture('Netpbm');
  if (starts('762f3101')) return otherPicture('OpenEXR');
  return undefined;
}

function sniffBoxes(brand: string): SniffedMedia {
  if (/^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand)) return otherPicture('HEIC');
  if (/^avi[fs]$/.test(brand)) return otherPicture('AVIF');
  if (brand === 'crx ') return otherPicture('camera raw');
  return noPicture('a video');
}

/** Camera raw files pretend to be TIFF; what gives them away is in their first directory. */
function sniffTiff(bytes: Buffer): SniffedMedia {
  if (bytes.toString('latin1', 8, 10) === 'CR') return otherPicture('camera raw');
  const little = bytes[0] === 0x49;
  const u16 = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const tiff = accepted('image/tiff', 'TIFF');
  if (bytes.length < 8 || u16(2) !== 42) return tiff;
  const directory = u32(4);
  if (directory + 2 > bytes.length) return tiff;
  const count = Math.min(u16(directory), Math.floor((bytes.length - directory - 2) / 12));
  for (let index = 0; index < count; index++) {
    const at = directory + 2 + index * 12;
    const tag = u16(at);
    const value = u16(at + 8);
    if (tag === 50706) return otherPicture('camera raw (DNG)');
    if (tag === 262 && value === 32803) return otherPicture('camera raw');
    if (tag === 259 && (value === 34713 || value === 32767)) return otherPicture('camera raw');
  }
  return tiff;
}

function sniffDocument(bytes: Buffer): SniffedMedia | undefined {
  const hex = bytes.toString('hex', 0, 8);
  if (bytes.toString('latin1', 0, 1024).includes('%PDF-')) return noPicture('a PDF document');
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return noPicture('a ZIP archive or office document');
  if (hex.startsWith('1f8b') || hex.startsWith('377abcaf271c') || hex.startsWith('52617221'))
    return noPicture('an archive');
  if (hex.startsWith('7f454c46') || hex.startsWith('4d5a')) return noPicture('a program');
  const text = textOf(bytes);
  if (text === undefined) return undefined;
  const begin = text.replace(/^[\s\uFEFF]+/, '').toLowerCase();
  if (/<svg[\s>]/.test(begin) && begin.startsWith('<')) return otherPicture('SVG');
  if (/^<(!doctype html|html|head|body|script)/.test(begin)) return noPicture('a web page');
  return noPicture('a text file');
}

/** The bytes as text, or undefined where they are not text (UTF-8, UTF-16 with a mark, or Latin-1 without control bytes). */
function textOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) return undefined;
  return bytes.toString('utf8');
}

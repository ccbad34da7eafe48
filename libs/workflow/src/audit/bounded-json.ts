import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@albumen/domain';

const longest = 1_500;

/**
 * The value itself, or, where its canonical JSON is longer than 1,500 bytes, its digest and length: an entry of the log
 * must fit an entry bundle (65,535 bytes), and the words themselves stand in the rows.
 */
export function boundedJson(value: Json | undefined): Json {
  const json = value ?? null;
  const text = canonicalJson(json);
  const bytes = Buffer.byteLength(text);
  return bytes <= longest ? json : { sha256: createHash('sha256').update(text).digest('hex'), bytes };
}

import { Pipe, type PipeTransform } from '@angular/core';
import { words, type WordKey } from './words';

/** Takes a key that was put together in a template for a word; one that does not exist throws instead of showing a raw key. */
@Pipe({ name: 'asWord' })
export class AsWord implements PipeTransform {
  transform(key: string): WordKey {
    if (!Object.hasOwn(words, key)) throw new Error(`Expected a key of the tables of words but received ${key}`);
    return key as WordKey;
  }
}

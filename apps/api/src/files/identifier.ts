import { Injectable, type PipeTransform } from '@nestjs/common';
import { refuse } from '@albumen/domain';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lets a UUID of a path through; anything else is an address where nothing is. */
@Injectable()
export class Identifier implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!uuid.test(value)) throw refuse('request.not-found');
    return value;
  }
}

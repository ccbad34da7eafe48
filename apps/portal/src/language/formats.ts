import { Injectable, inject } from '@angular/core';
import { Language } from './language';

/** Numbers, dates and sizes as the current language writes them. All methods are reactive to the switch. */
@Injectable({ providedIn: 'root' })
export class Formats {
  private readonly language = inject(Language);

  /** British dates and figures where the screens speak English. */
  private readonly tag = (): string => (this.language.current() === 'en' ? 'en-GB' : 'vi-VN');

  readonly number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(this.tag(), { maximumFractionDigits: digits }).format(value);

  /** A share (0..1) as per cent; what is above zero never reads as zero. */
  readonly share = (value: number): string => {
    if (value > 0 && value < 0.001) return `< ${this.number(0.1, 1)} %`;
    return `${this.number(value * 100, value < 0.1 ? 1 : 0)} %`;
  };

  readonly bytes = (value: number): string => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    let size = value;
    while (size >= 1000 && unit < units.length - 1) {
      size /= 1000;
      unit += 1;
    }
    return `${this.number(size, size < 100 && unit > 0 ? 1 : 0)} ${units[unit]}`;
  };

  readonly date = (instant: string): string =>
    new Intl.DateTimeFormat(this.tag(), { dateStyle: 'long' }).format(new Date(instant));

  readonly dateTime = (instant: string): string =>
    new Intl.DateTimeFormat(this.tag(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));

  readonly time = (instant: string): string =>
    new Intl.DateTimeFormat(this.tag(), { timeStyle: 'short' }).format(new Date(instant));

  /** How long ago, in the largest unit that fits. */
  readonly ago = (instant: string): string => {
    const seconds = (Date.parse(instant) - Date.now()) / 1000;
    const format = new Intl.RelativeTimeFormat(this.tag(), { numeric: 'auto' });
    const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
      ['day', 86_400],
      ['hour', 3600],
      ['minute', 60],
    ];
    for (const [unit, size] of steps)
      if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
    return format.format(0, 'minute');
  };

  /** A length of time in seconds, rounded to what a person can use. */
  readonly duration = (seconds: number): string => {
    const unit = seconds >= 5400 ? 'hour' : seconds >= 90 ? 'minute' : 'second';
    const size = unit === 'hour' ? 3600 : unit === 'minute' ? 60 : 1;
    return new Intl.NumberFormat(this.tag(), {
      style: 'unit',
      unit,
      unitDisplay: 'long',
      maximumFractionDigits: 0,
    }).format(Math.max(1, Math.round(seconds / size)));
  };
}

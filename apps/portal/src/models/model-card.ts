import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, signal } from '@angular/core';
import { factsOf, modelAdapters, treatmentLevelWords } from '@albumen/domain';
import { modelView, type ModelView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Fact, Facts } from '../controls/facts';
import { Icon } from '../icons/icon';
import type { IconName } from '../icons/icon-paths';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { words, type WordKey } from '../language/words';
import { Notices } from '../problems/notices';
import { Session } from '../session/session';
import { TreatmentMarks } from '../treatment/treatment-marks';
import { AcceptModel } from './accept-model';
import { measuredOf, metricWords, setWords, taskWords, writtenValue } from './figures';
import { metrics } from './figure-words';
import { ModelShelf } from './model-shelf';

const icons: Record<ModelView['state'], { readonly icon: IconName; readonly tone: string }> = {
  shipped: { icon: 'verified', tone: 'quiet' },
  quarantined: { icon: 'lock', tone: 'warn' },
  accepted: { icon: 'check-circle', tone: 'ok' },
  removed: { icon: 'delete', tone: 'quiet' },
};

/** One version of a model: what it does, how well it was measured, what it misses, under which licence, and what to do with it. */
@Component({
  selector: 'albumen-model-card',
  imports: [AcceptModel, AsWord, Fact, Facts, Icon, TreatmentMarks],
  templateUrl: './model-card.html',
  styleUrl: './model-card.scss',
})
export class ModelCard {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  private readonly shelf = inject(ModelShelf);
  private readonly session = inject(Session);
  readonly model = input.required<ModelView>();

  protected readonly asking = signal<'accept' | 'remove' | null>(null);
  protected readonly busy = signal(false);
  protected readonly mayChange = computed(() => this.session.may('models.change'));
  protected readonly state = computed(() => icons[this.model().state]);
  /** What it does, in words; a task that has none is shown by its name. */
  protected readonly does = computed(() => {
    const { adapter, task } = this.model();
    if (adapter) return this.language.text(modelAdapters[adapter].does);
    const key = `models.task.${task}`;
    return Object.hasOwn(words, key) ? this.t(key as WordKey) : task;
  });
  protected readonly steps = computed(() =>
    this.model()
      .operations.map((operation) => this.language.text(factsOf(operation).label))
      .join(' · '),
  );
  protected readonly leastLevel = computed(() => {
    const { leastLevel } = this.model();
    return this.t('models.level.least', { n: `${leastLevel}, ${this.language.text(treatmentLevelWords[leastLevel])}` });
  });
  protected readonly unreliable = computed(() =>
    this.model()
      .unreliable.map((kind) => taskWords(kind, this.language.current()))
      .join(', '),
  );
  protected readonly notFor = computed(() =>
    this.model()
      .notFor.map((text) => this.language.text(text))
      .join('; '),
  );
  private readonly measured = computed(() => measuredOf(this.model().figures));
  /** Figures with their bars in words; what was missed stands first. */
  protected readonly rows = computed(() => {
    const language = this.language.current();
    return this.measured().map(({ task, metric, values: [worst, best], ship, verdict, figures }) => {
      const [from, to] = [worst, best].map((value) => writtenValue(value, metric, this.formats, ship));
      const less = metrics[metric]?.better === 'lower';
      return {
        key: `${task}|${metric}`,
        what: taskWords(task, language),
        how: metricWords(metric, language),
        value: from === to ? (from ?? '') : this.t('models.range', { worst: from, best: to }),
        bar:
          ship === null
            ? ''
            : this.t(less ? 'models.bar.most' : 'models.bar.least', { bar: writtenValue(ship, metric, this.formats) }),
        verdict,
        figures,
      };
    });
  });
  protected readonly missed = computed(() => this.rows().filter(({ verdict }) => verdict === 'missed'));
  protected readonly bars = computed(() => {
    const judged = this.rows().filter(({ verdict }) => verdict !== 'none');
    return { all: judged.length, reached: judged.filter(({ verdict }) => verdict === 'reached').length };
  });
  protected readonly figures = computed(() => {
    const language = this.language.current();
    return this.rows().flatMap(({ what, how, figures }) =>
      figures.map((figure) => ({
        key: `${figure.task}|${figure.metric}|${figure.set}`,
        what,
        how,
        on: setWords(figure.set, language),
        value: writtenValue(figure.value, figure.metric, this.formats, figure.ship),
        bar: figure.ship === null ? '' : writtenValue(figure.ship, figure.metric, this.formats),
        held: figure.held,
        record: figure.baseline,
      })),
    );
  });
  /** Pictures of known failures; nothing where the model has none. */
  protected readonly failures = computed(() => {
    const { id, version, failures } = this.model();
    if (!failures || failures.pictures.length === 0) return null;
    const reading = this.language.text(failures.reading);
    const folder = `/api/models/${encodeURIComponent(id)}/${encodeURIComponent(version)}/failures`;
    const of = failures.pictures.length;
    const pictures = failures.pictures.map(({ file, caption }, at) => ({
      address: `${folder}/${encodeURIComponent(file)}`,
      caption: this.language.text(caption),
      alt: this.t('models.failures.alt', { id, n: at + 1, of, reading }),
    }));
    return { reading, pictures };
  });
  protected readonly licence = computed(() => {
    const { commercial, redistribution } = this.model().licence;
    if (commercial === null && redistribution === null) return this.t('models.licence.unknown');
    return [
      commercial === null ? '' : this.t(commercial ? 'models.licence.commercial' : 'models.licence.not-commercial'),
      redistribution === null
        ? ''
        : this.t(redistribution ? 'models.licence.passed-on' : 'models.licence.not-passed-on'),
    ]
      .filter(Boolean)
      .join(', ');
  });
  protected readonly examined = computed(() => {
    const found = this.model().examined;
    if (!found) return '';
    const { fixedSize, multiple, margin, wholePicture, scale, secondsPerMegapixel, peakMegabytes } = found;
    return [
      scale > 1 ? this.t('models.examined.scale', { n: scale }) : '',
      fixedSize
        ? this.t('models.examined.fixed', { ...fixedSize })
        : this.t('models.examined.size', { multiple: multiple ?? 1 }),
      wholePicture || margin === null ? this.t('models.examined.whole') : this.t('models.examined.tiles', { margin }),
      this.t('models.examined.cost', {
        seconds: this.formats.number(secondsPerMegapixel, 1),
        megabytes: Math.round(peakMegabytes),
      }),
    ]
      .filter(Boolean)
      .join('; ');
  });
  protected readonly dates = computed(() => {
    const { broughtInAt, acceptedAt, removedAt } = this.model();
    return (
      [
        ['models.broughtIn', broughtInAt],
        ['models.acceptedAt', acceptedAt],
        ['models.removedAt', removedAt],
      ] as const
    )
      .flatMap(([word, at]) => (at ? [this.t(word, { when: this.formats.date(at) })] : []))
      .join(' · ');
  });

  protected accepted(model: ModelView): void {
    this.asking.set(null);
    this.shelf.replace(model);
    this.notices.say(
      `${model.id} ${model.version} is accepted for use.`,
      `Đã chấp nhận ${model.id} ${model.version} để dùng.`,
    );
  }

  protected async remove(): Promise<void> {
    const { id, version } = this.model();
    this.busy.set(true);
    try {
      this.shelf.replace(
        modelView.parse(
          await firstValueFrom(
            this.http.delete<unknown>(`/api/models/${encodeURIComponent(id)}/${encodeURIComponent(version)}`),
          ),
        ),
      );
      this.notices.say(`${id} ${version} is removed.`, `Đã gỡ bỏ ${id} ${version}.`);
      this.asking.set(null);
    } catch (fault) {
      this.notices.fail(fault);
    } finally {
      this.busy.set(false);
    }
  }
}

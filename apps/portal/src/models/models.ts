import { Component, computed, inject } from '@angular/core';
import {
  factsOf,
  modelAdapterNames,
  modelAdapters,
  modelStates,
  operationNames,
  treatmentLevelWords,
} from '@albumen/domain';
import { Fact, Facts } from '../controls/facts';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { ModelCard } from './model-card';
import { ModelShelf } from './model-shelf';

/** What a person types on the server. */
const command = 'albumen models add net.onnx --licence Apache-2.0 --adapter upscale';

/** What does the machine know to do, how well, and who let it in? */
@Component({
  selector: 'albumen-models',
  imports: [AsWord, Fact, Facts, Icon, ModelCard, ProblemPanel],
  templateUrl: './models.html',
  styleUrl: './models.scss',
})
export class Models {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly notices = inject(Notices);
  protected readonly shelf = inject(ModelShelf);
  protected readonly command = command;

  /** What waits for somebody comes first, what is gone last. */
  protected readonly groups = computed(() =>
    (['quarantined', 'accepted', 'shipped', 'removed'] as const satisfies readonly (typeof modelStates)[number][])
      .map((state) => ({ state, rows: (this.shelf.rows() ?? []).filter((model) => model.state === state) }))
      .filter(({ rows }) => rows.length > 0),
  );
  protected readonly noneBroughtIn = computed(
    () => this.shelf.rows()?.every(({ origin }) => origin === 'shipped') ?? false,
  );
  protected readonly kinds = computed(() =>
    modelAdapterNames.map((name) => {
      const { label, does, leastLevel } = modelAdapters[name];
      const steps = operationNames.filter((operation) => factsOf(operation).broughtIn?.adapter === name);
      return {
        name,
        label: this.language.text(label),
        does: this.language.text(does),
        level: this.t('models.how.level', {
          n: `${leastLevel}, ${this.language.text(treatmentLevelWords[leastLevel])}`,
        }),
        steps: steps.map((operation) => this.language.text(factsOf(operation).label)).join(' · '),
      };
    }),
  );

  constructor() {
    this.shelf.read();
  }

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(command);
      this.notices.say('The command is copied.', 'Đã sao chép lệnh.');
    } catch (fault) {
      this.notices.fail(fault);
    }
  }
}

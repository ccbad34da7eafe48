import { Component, computed, inject, input } from '@angular/core';
import {
  colourEvidence,
  colourEvidenceWords,
  factsOf,
  protectionReasonWords,
  protectionReasons,
  type Operation,
} from '@albumen/domain';
import { CodeChoice } from '../controls/code-choice';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import type { IconName } from '../icons/icon-paths';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import type { Size } from '../viewer/mark-up-geometry';
import { tools, type PenState, type Tool } from './pen-state';
import type { RecipeDraft } from './recipe-draft';

const icons: Record<Tool, IconName> = {
  move: 'swap-horiz',
  mark: 'edit',
  doubt: 'search',
  stain: 'water-drop',
  lost: 'scan-delete',
  colour: 'contrast',
  protect: 'lock',
  erase: 'delete',
};

/** The step that uses what a tool draws. */
const toolSteps: Partial<Record<Tool, Operation>> = {
  mark: 'repair-damage',
  doubt: 'repair-damage',
  stain: 'reduce-stains',
  lost: 'rebuild-area',
  colour: 'guide-colour',
};

/** What the pen on the picture does: missed marks, known colours, protected areas, erasing; with undo. */
@Component({
  selector: 'albumen-mark-up-tools',
  imports: [AsWord, CodeChoice, Icon, Pressed],
  template: `
    <div class="row tools" role="toolbar" [attr.aria-label]="t('markUp.tools')">
      @for (tool of tools(); track tool) {
        <button
          type="button"
          class="button"
          [albumenPressed]="pen().tool() === tool"
          [disabled]="locked(tool) !== ''"
          [title]="locked(tool) || t('markUp.tool.' + tool + '.hint' | asWord)"
          (click)="pen().tool.set(tool)"
        >
          <albumen-icon [name]="icons[tool]" />{{ t('markUp.tool.' + tool | asWord) }}
        </button>
      }
      <button type="button" class="button" [disabled]="!draft().mayUndo()" (click)="draft().undo()">
        <albumen-icon name="undo" />{{ t('desk.undo') }}
      </button>
    </div>
    @if (pen().tool() !== 'move') {
      <div class="row settings">
        @if (pen().tool() !== 'protect' && pen().tool() !== 'doubt') {
          <label class="brush"
            ><span>{{ t('markUp.brush', { n: brushPixels() }) }}</span>
            <input
              type="range"
              min="0"
              max="100"
              [value]="pen().size()"
              (input)="pen().size.set(+$any($event.target).value)"
          /></label>
        }
        @if (pen().tool() === 'colour') {
          <label
            ><span>{{ t('markUp.colour') }}</span
            ><input type="color" [value]="pen().colour()" (input)="pen().colour.set($any($event.target).value)"
          /></label>
          <label
            ><span>{{ t('markUp.evidence') }}</span>
            <select
              [albumenCodes]="evidences"
              [chosen]="pen().evidence()"
              (chose)="pen().evidence.set($event)"
            ></select>
          </label>
          <label class="grow"
            ><span>{{ t('markUp.note') }}</span
            ><input
              class="input"
              maxlength="500"
              [placeholder]="t('markUp.note.hint')"
              [value]="pen().note()"
              (input)="pen().note.set($any($event.target).value)"
          /></label>
        }
        @if (pen().tool() === 'protect') {
          <label
            ><span>{{ t('markUp.reason') }}</span>
            <select [albumenCodes]="reasons" [chosen]="pen().reason()" (chose)="pen().reason.set($event)"></select>
          </label>
        }
        <p class="hint">{{ t('markUp.tool.' + pen().tool() + '.hint' | asWord) }}</p>
      </div>
    }
  `,
  styleUrl: './dark-buttons.scss',
  styles: `
    :host {
      display: grid;
      gap: 6px;
      padding: 8px;
      background: #1b1b1b;
      user-select: none;
      color: #f2f2f2;
      color-scheme: dark;
      font-size: 13px;
    }
    .row {
      gap: 6px;
    }
    label {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    .input {
      width: auto;
      min-width: 0;
      min-height: 32px;
      padding: 2px 8px;
      background: #2c2c2c;
      color: #f2f2f2;
    }
    .grow .input {
      flex: 1;
    }
    .brush input {
      width: 120px;
      accent-color: #9db8e0;
    }
    input[type='color'] {
      width: 40px;
      height: 32px;
      padding: 2px;
      border: 1px solid #8c8c8c;
      background: none;
    }
    .hint {
      flex-basis: 100%;
      font-size: 12px;
      color: #c8c8c8;
    }
    @media (max-width: 700px) {
      .tools {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
      }
      .tools .button {
        flex-direction: column;
        justify-content: center;
        gap: 0;
        padding: 3px 2px;
        font-size: 12px;
        line-height: 1.3;
        white-space: normal;
        text-align: center;
      }
      .input,
      input[type='color'] {
        min-height: 44px;
      }
      .grow {
        flex-basis: 100%;
      }
    }
  `,
})
export class MarkUpTools {
  protected readonly t = inject(Language).t;
  private readonly formats = inject(Formats);
  readonly pen = input.required<PenState>();
  readonly draft = input.required<RecipeDraft>();
  readonly allowedLevel = input.required<number>();
  readonly size = input.required<Size>();
  /** Whether there is a mask in which doubtful marks can be looked for. */
  readonly hasMask = input(false);

  /** Lost areas are painted only where a model can rebuild them. */
  protected readonly tools = computed(() =>
    tools.filter(
      (tool) => (tool !== 'lost' || this.pen().rebuilder() !== null) && (tool !== 'doubt' || this.hasMask()),
    ),
  );
  protected readonly icons = icons;
  protected readonly evidences = colourEvidence.map((code) => ({ code, words: colourEvidenceWords[code] }));
  protected readonly reasons = protectionReasons.map((code) => ({ code, words: protectionReasonWords[code] }));
  /** Width of the brush in pixels of the picture. */
  protected readonly brushPixels = computed(() =>
    this.formats.number(Math.max(1, 2 * this.pen().radius() * Math.max(this.size().width, this.size().height))),
  );

  /** Why a tool cannot be used under the collection's level, or nothing. */
  protected locked(tool: Tool): string {
    const operation = toolSteps[tool];
    if (!operation) return '';
    const { level } = factsOf(operation);
    return level > this.allowedLevel() ? this.t('markUp.locked', { n: level, allowed: this.allowedLevel() }) : '';
  }
}

import { Component, inject, input, output, signal } from '@angular/core';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { filesOfDrop, filesOfInput, isLeftover } from './chosen-files';

/** Drop zone, folder picker and file picker; gives what was chosen with the paths inside the folder. */
@Component({
  selector: 'albumen-file-chooser',
  imports: [Icon],
  template: `
    <div
      class="zone"
      [class.over]="over()"
      [class.compact]="compact()"
      (dragover)="$event.preventDefault(); over.set(true)"
      (dragleave)="over.set(false)"
      (drop)="dropped($event)"
    >
      <albumen-icon name="drive-folder-upload" />
      <strong>{{ t('plan.drop') }}</strong>
      <div class="row">
        <button type="button" class="button" (click)="folder.click()">
          <albumen-icon name="folder" />{{ t('plan.folder') }}
        </button>
        <button type="button" class="button" (click)="files.click()">
          <albumen-icon name="upload-file" />{{ t('plan.files') }}
        </button>
      </div>
      <span class="quiet">{{ t('plan.accepted') }}</span>
      <input #folder type="file" webkitdirectory multiple hidden (change)="picked(folder)" />
      <input #files type="file" multiple hidden (change)="picked(files)" />
    </div>
  `,
  styles: `
    .zone {
      display: grid;
      justify-items: center;
      gap: 10px;
      padding: 28px 16px;
      border: 1.5px dashed var(--edge);
      border-radius: 8px;
      background: var(--surface);
      text-align: center;
    }
    .over {
      border-color: var(--accent);
      background: var(--accent-soft);
    }
    .compact {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 12px;
      padding: 10px 16px;
      text-align: left;
    }
    .compact > span {
      display: none;
    }
    .compact > strong {
      flex: 1;
    }
    .compact > albumen-icon {
      font-size: 20px !important;
    }
    .zone > albumen-icon {
      font-size: 28px;
      color: var(--quiet);
    }
    .row {
      justify-content: center;
    }
    span {
      font-size: 13px;
    }
  `,
})
export class FileChooser {
  protected readonly t = inject(Language).t;
  private readonly notices = inject(Notices);
  protected readonly over = signal(false);
  /** One line instead of a large zone. */
  readonly compact = input(false);
  readonly chosen = output<readonly { file: File; path: string }[]>();

  protected picked(input: HTMLInputElement): void {
    this.emit(filesOfInput(input));
    input.value = '';
  }

  protected dropped(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    if (!event.dataTransfer) return;
    filesOfDrop(event.dataTransfer).then(
      (files) => this.emit(files),
      (fault: unknown) => this.notices.fail(fault),
    );
  }

  private emit(files: readonly { file: File; path: string }[]): void {
    this.chosen.emit(files.filter(({ path }) => !isLeftover(path)));
  }
}

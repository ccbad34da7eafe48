import { Module } from '@nestjs/common';
import { FilesController } from './files.controller.js';

/** Door of stored files. Needs the runtime and `Viewers` from modules that are global. */
@Module({ controllers: [FilesController] })
export class FilesModule {}

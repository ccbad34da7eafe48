import { Module } from '@nestjs/common';
import { ImageController } from './image.controller.js';
import { ManifestController } from './manifest.controller.js';

/** Door of IIIF: images and manifests. Needs the runtime, the settings and `Viewers` from modules that are global. */
@Module({ controllers: [ImageController, ManifestController] })
export class IiifModule {}

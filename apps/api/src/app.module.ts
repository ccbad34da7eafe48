import { Module, type DynamicModule, type FactoryProvider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { Logger } from 'pino';
import { refuse } from '@albumen/domain';
import {
  AcceptModel,
  AskPreview,
  CancelAccession,
  CancelRestoration,
  ChangeAcceptance,
  ChangeCollection,
  ClaimReview,
  CloseAccession,
  CreateCollection,
  DecideReview,
  DescribeItem,
  PlanAccession,
  PublishItem,
  ReleaseReview,
  RemoveModel,
  RequestRestoration,
  RestoreAlbum,
  RetryProcessing,
  UndoDecision,
  WithdrawItem,
  type Workbench,
} from '@albumen/workflow';
import { AccessionsController } from './accessions/accessions.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { LogFilesController } from './audit/log-files.controller.js';
import { Reader } from './auth/reader.js';
import { SignIn } from './auth/sign-in.js';
import { SignInGuard } from './auth/sign-in.guard.js';
import { ViewPass } from './auth/view-pass.js';
import { benchToken, configToken } from './bench.js';
import { CollectionsController } from './collections/collections.controller.js';
import type { ApiConfig } from './config.js';
import { FilesController } from './files/files.controller.js';
import { HealthController } from './health/health.controller.js';
import { ImageShelf } from './iiif/image-shelf.js';
import { ManifestController } from './iiif/manifest.controller.js';
import { ItemsController } from './items/items.controller.js';
import { ModelsController } from './models/models.controller.js';
import { PersonController } from './person/person.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { PublicController } from './public/public.controller.js';
import { PublicationsController } from './publications/publications.controller.js';
import { RestorationsController } from './restorations/restorations.controller.js';
import { ReviewsController } from './reviews/reviews.controller.js';

/** What the door is made of; made once, outside the framework, so that handlers before it share the same parts. */
export interface Parts {
  readonly bench: Workbench;
  readonly config: ApiConfig;
  readonly log: Logger;
  readonly signIn: SignIn;
  readonly pass: ViewPass;
  readonly reader: Reader;
  readonly shelf: ImageShelf;
}

const acts: readonly Type<unknown>[] = [
  CreateCollection,
  ChangeCollection,
  PlanAccession,
  CloseAccession,
  CancelAccession,
  DescribeItem,
  RequestRestoration,
  RestoreAlbum,
  CancelRestoration,
  RetryProcessing,
  ClaimReview,
  ReleaseReview,
  ChangeAcceptance,
  AskPreview,
  DecideReview,
  UndoDecision,
  PublishItem,
  WithdrawItem,
  AcceptModel,
  RemoveModel,
];

const act = (type: Type<unknown>): FactoryProvider => ({
  provide: type,
  inject: [benchToken],
  useFactory: (bench: Workbench) => new type(bench),
});

/** The controllers with everything they call. */
@Module({})
export class AppModule {
  static with(parts: Parts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        PersonController,
        CollectionsController,
        AccessionsController,
        ItemsController,
        RestorationsController,
        ReviewsController,
        PublicationsController,
        ModelsController,
        AuditController,
        LogFilesController,
        PublicController,
        FilesController,
        ManifestController,
        HealthController,
      ],
      providers: [
        { provide: benchToken, useValue: parts.bench },
        { provide: configToken, useValue: parts.config },
        { provide: SignIn, useValue: parts.signIn },
        { provide: ViewPass, useValue: parts.pass },
        { provide: Reader, useValue: parts.reader },
        { provide: ImageShelf, useValue: parts.shelf },
        ...acts.map(act),
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new SignInGuard(reflector, parts.signIn),
        },
        { provide: APP_FILTER, useValue: new ProblemFilter(parts.log) },
        {
          provide: APP_PIPE,
          useValue: new StandardSchemaValidationPipe({
            exceptionFactory: (issues) => refuse('request.invalid', { detail: words(issues) }),
          }),
        },
      ],
    };
  }
}

/** The first faults of a message, each with the place it stands at. */
function words(
  issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[],
): string {
  return issues
    .slice(0, 3)
    .map(({ message, path }) => {
      const place = (path ?? [])
        .map((step) => String(typeof step === 'object' && step !== null ? (step as { key: unknown }).key : step))
        .join('.');
      return place ? `${place.slice(0, 100)}: ${message}` : message;
    })
    .join('; ')
    .slice(0, 500);
}

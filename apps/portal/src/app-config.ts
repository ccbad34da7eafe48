import { provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import { isDevMode, provideBrowserGlobalErrorListeners, type ApplicationConfig } from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling, withRouterConfig } from '@angular/router';
import { provideTransloco, provideTranslocoTranspiler } from '@jsverse/transloco';
import { languages } from '@albumen/domain';
import { routes } from './app-routes';
import { IcuTranspiler } from './language/icu-transpiler';
import { BundledWords } from './language/language';
import { bearer } from './session/bearer';

/** What the whole portal is given once. Zoneless and OnPush are Angular's defaults. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
      withRouterConfig({ paramsInheritanceStrategy: 'always' }),
    ),
    provideHttpClient(withFetch(), withInterceptors([bearer])),
    provideTransloco({
      config: { availableLangs: [...languages], defaultLang: 'en', reRenderOnLangChange: true, prodMode: !isDevMode() },
      loader: BundledWords,
    }),
    provideTranslocoTranspiler(IcuTranspiler),
  ],
};

import { bootstrapApplication } from '@angular/platform-browser';
import { AppRoot } from './app-root';
import { appConfig } from './app-config';

bootstrapApplication(AppRoot, appConfig).catch((fault: unknown) => {
  console.error('The portal could not start', fault);
});

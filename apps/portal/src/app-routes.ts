import type { Routes } from '@angular/router';
import { keepsDraft } from './item/leave-guard';
import { signedIn } from './session/sign-in';

/** Every address of the portal. The public pages and each desk screen are their own chunks. */
export const routes: Routes = [
  { path: 'sign-in', loadComponent: () => import('./session/sign-in').then((m) => m.SignIn) },
  { path: 'sign-in/callback', loadComponent: () => import('./session/sign-in').then((m) => m.SignInCallback) },
  {
    path: 'desk/reviews/:id',
    canActivate: [signedIn],
    loadComponent: () => import('./review/desk').then((m) => m.Desk),
  },
  {
    path: 'desk',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/desk-shell').then((m) => m.DeskShell),
    children: [
      { path: '', pathMatch: 'full', loadComponent: () => import('./home/home').then((m) => m.Home) },
      { path: 'accessions', loadComponent: () => import('./accessions/accession-list').then((m) => m.AccessionList) },
      { path: 'accessions/new', loadComponent: () => import('./accessions/new-accession').then((m) => m.NewAccession) },
      { path: 'accessions/:id', loadComponent: () => import('./accessions/accession').then((m) => m.Accession) },
      {
        path: 'collections',
        loadComponent: () => import('./collections/collection-tree').then((m) => m.CollectionTree),
      },
      { path: 'collections/:id', loadComponent: () => import('./collections/collection').then((m) => m.Collection) },
      {
        path: 'items/:id',
        canDeactivate: [keepsDraft],
        loadComponent: () => import('./item/item').then((m) => m.Item),
      },
      {
        path: 'items/:id/publication',
        loadComponent: () => import('./publication/publication').then((m) => m.Publication),
      },
      {
        path: 'publications',
        loadComponent: () => import('./publication/publication-list').then((m) => m.PublicationList),
      },
      { path: 'reviews', loadComponent: () => import('./review/review-queue').then((m) => m.ReviewQueue) },
      { path: 'audit', loadComponent: () => import('./audit/audit').then((m) => m.Audit) },
      { path: 'models', loadComponent: () => import('./models/models').then((m) => m.Models) },
      { path: 'queues', loadComponent: () => import('./queues/queues').then((m) => m.Queues) },
      { path: 'search', loadComponent: () => import('./collections/desk-search').then((m) => m.DeskSearch) },
    ],
  },
  {
    path: '',
    loadComponent: () => import('./public/public-shell').then((m) => m.PublicShell),
    children: [
      { path: '', pathMatch: 'full', loadComponent: () => import('./public/public-home').then((m) => m.PublicHome) },
      {
        path: 'collections/:id',
        loadComponent: () => import('./public/public-collection').then((m) => m.PublicCollection),
      },
      { path: 'search', loadComponent: () => import('./public/public-collection').then((m) => m.PublicCollection) },
      { path: 'photographs/:id', loadComponent: () => import('./public/photograph').then((m) => m.Photograph) },
      {
        path: 'about-restoration',
        loadComponent: () => import('./public/about-restoration').then((m) => m.AboutRestoration),
      },
      { path: '**', loadComponent: () => import('./public/not-found').then((m) => m.NotFound) },
    ],
  },
];

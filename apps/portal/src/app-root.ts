import { Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';

/** The root: an outlet; the two shells (public and desk) are routes. */
@Component({ selector: 'app-root', imports: [RouterOutlet], template: '<router-outlet />' })
export class AppRoot {}

/** Injection token of the runtime: database, ports and queue, as `openRuntime` made them. */
export const RUNTIME = Symbol('runtime');

/** Injection token of the settings that pages and pictures need. */
export const API_SETTINGS = Symbol('api-settings');

/** Where the built portal lies and under which address the public reaches this installation (no trailing slash). */
export interface ApiSettings {
  readonly portalDir: string;
  readonly publicUrl: string;
}

// The types of chromium.mjs, which is plain JavaScript so that the runner needs no build and no types.

/** See chromium.mjs. `failure` is one line that says what to install. */
export function findChromium():
  { readonly path: string; readonly failure?: never } | { readonly failure: string; readonly path?: never }

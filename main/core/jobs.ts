// The pure functions that may take long, by name, so that a worker can run them off the streaming thread.
export interface Jobs {
  readonly placeholder: { readonly input: null; readonly output: null }
}

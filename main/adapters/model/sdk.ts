// The OpenAI SDK, loaded when it is first needed: importing it costs 125 ms, which start-up must not pay.
let loading: Promise<typeof import('openai')> | null = null

export function loadSdk(): Promise<typeof import('openai')> {
  loading ??= import('openai')
  return loading
}

let loadingSockets: Promise<typeof import('openai/resources/responses/ws')> | null = null

/** The SDK's WebSocket to the Responses API, and with it the package `ws`. */
export function loadSockets(): Promise<typeof import('openai/resources/responses/ws')> {
  loadingSockets ??= import('openai/resources/responses/ws')
  return loadingSockets
}

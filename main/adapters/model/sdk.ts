// The OpenAI SDK, loaded when it is first needed: importing it costs 125 ms, which start-up must not pay.
let loading: Promise<typeof import('openai')> | null = null

export function loadSdk(): Promise<typeof import('openai')> {
  loading ??= import('openai')
  return loading
}

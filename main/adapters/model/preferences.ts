// Which models are taken when the settings name none.

/**
 * Preferences for OpenAI, best first; as of 2026-11-20 (models offered by the API, their pages, and announced shutdowns).
 * The first one that the endpoint really answers with is taken. For the fast lane time to first token and tokens per
 * second count most, then the edit; the last entries are for accounts and Azure resources that lag behind.
 */
export const FAST_MODELS = [
  'gpt-5.3-codex-spark',
  'gpt-6-luna',
  'gpt-5.6-luna',
  'gpt-5.4-mini',
  'gpt-5-mini',
  'gpt-4.1-mini',
] as const

export const DEEP_MODELS = ['gpt-6.1-sol', 'gpt-6-sol', 'gpt-5.6-sol', 'gpt-5.5', 'gpt-5.3-codex', 'gpt-5'] as const

/** The models of a server, those made for code first, without those that do not converse. Order is kept otherwise. */
export function conversing(names: readonly string[]): readonly string[] {
  const able = names.filter(
    (name) => !/embed|rerank|whisper|tts|bge-|minilm|clip|moderation|dall-e|image|audio/i.test(name),
  )
  const coders = able.filter((name) => /code|coder|codestral|devstral|starcoder/i.test(name))
  return [...coders, ...able.filter((name) => !coders.includes(name))]
}

// Asks servers which models they offer, and finds the model servers that run on this machine.
import type { Clock } from '../../core/ports.ts'
import { parseEndpoint, type Endpoint } from './endpoint.ts'
import { idle, malformed, troubleOfConnection, troubleOfStatus, webPage, type Party, type Trouble } from './failure.ts'
import { field, parseJson, textField } from './json.ts'
import { conversing } from './preferences.ts'
import type { Transport } from './transport.ts'

export interface LocalServer {
  readonly endpoint: Endpoint
  /** For people: "Ollama on this machine". */
  readonly label: string
  /** Never empty. */
  readonly models: readonly string[]
}

export type Offered =
  { readonly ok: true; readonly models: readonly string[] } | { readonly ok: false; readonly trouble: Trouble }

/** The usual ports on 127.0.0.1, in order of preference. */
const LOCAL_SERVERS = [
  { port: '11434', name: 'Ollama' },
  { port: '1234', name: 'LM Studio' },
  { port: '8080', name: 'llama.cpp' },
  { port: '8000', name: 'vLLM' },
] as const

export interface Net {
  readonly transport: Transport
  readonly clock: Clock
}

/** `Authorization`, or `api-key` on Azure; nothing without a key. */
export function keyHeaders(endpoint: Endpoint, key: string | null): Record<string, string> {
  if (key === null) return {}
  return endpoint.operator === 'azure' ? { 'api-key': key } : { authorization: `Bearer ${key}` }
}

/** GET /models: the names an endpoint offers, in its order. Fails after `ms` without an answer. */
export async function listModels(
  net: Net,
  endpoint: Endpoint,
  key: string | null,
  ms: number,
  signal: AbortSignal,
): Promise<Offered> {
  const party: Party = { endpoint, key, model: 'The model', api: 'models list' }
  const exchange = net.transport.exchange(() => {})
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  const stop = net.clock.after(ms, abort)
  try {
    const url = new URL(`${endpoint.url}/models`)
    for (const [name, value] of Object.entries(endpoint.query)) url.searchParams.set(name, value)
    const headers = { accept: 'application/json', ...keyHeaders(endpoint, key) }
    const response = await net.transport.fetch(exchange)(url, { headers, signal: controller.signal })
    if (!response.ok) return { ok: false, trouble: troubleOfStatus(exchange, party) }
    const body = await response.text()
    if (/^\s*</.test(body)) return { ok: false, trouble: webPage(party) }
    const json = parseJson(body)
    const data = field(json, 'data')
    // Ollama without a model says {"object": "list", "data": null}.
    if (!Array.isArray(data)) {
      return field(json, 'object') === 'list' ? { ok: true, models: [] } : { ok: false, trouble: malformed(party) }
    }
    return { ok: true, models: data.map((model) => textField(model, 'id')).filter((name) => name !== null) }
  } catch (error) {
    if (controller.signal.aborted && !signal.aborted) return { ok: false, trouble: idle(party, ms) }
    return { ok: false, trouble: troubleOfConnection(exchange.broken ?? error, party, false) }
  } finally {
    stop()
    signal.removeEventListener('abort', abort)
  }
}

/**
 * The servers on this machine that answer as OpenAI's API does and have a model that converses, in order of preference.
 * `addresses`: comma-separated base addresses to ask instead of the usual ports; empty: none; undefined: the usual ones.
 */
export async function findLocalServers(
  net: Net,
  addresses: string | undefined,
  ms: number,
  signal: AbortSignal,
): Promise<readonly LocalServer[]> {
  const asked = addresses?.split(',') ?? LOCAL_SERVERS.map(({ port }) => `http://127.0.0.1:${port}`)
  const found = await Promise.all(
    asked.map(async (address): Promise<LocalServer | null> => {
      const parsed = parseEndpoint(address.trim())
      // Whatever the list names: only this machine is asked without consent.
      if (!parsed.ok || !parsed.value.loopback) return null
      const offered = await listModels(net, parsed.value, null, ms, signal)
      const models = offered.ok ? conversing(offered.models) : []
      return models.length === 0 ? null : { endpoint: parsed.value, label: labelOf(parsed.value), models }
    }),
  )
  return found.filter((server) => server !== null)
}

/** For people: who answers at an endpoint. */
export function labelOf(endpoint: Endpoint): string {
  if (endpoint.operator === 'openai') return 'OpenAI'
  if (endpoint.operator === 'azure') return 'Azure OpenAI'
  if (!endpoint.loopback) return endpoint.host
  const port = new URL(endpoint.url).port
  return `${LOCAL_SERVERS.find((server) => server.port === port)?.name ?? 'model server'} on this machine`
}

// Who is to answer, by the settings, the environment and what runs on this machine.
import type { Failure, ProviderKind, ProviderView, SettingsView } from '../../../preload/contract.ts'
import { labelOf, type LocalServer } from './discovery.ts'
import { OPENAI_URL, parseEndpoint, type Endpoint } from './endpoint.ts'

export type ModelSettings = Pick<SettingsView, 'provider' | 'baseUrl' | 'model' | 'deepModel'>

/** Values of the environment; empty ones count as unset, except that an empty list of local servers means: none. */
export interface ModelEnvironment {
  readonly OPENAI_API_KEY?: string | undefined
  readonly OPENAI_BASE_URL?: string | undefined
  /** Comma-separated addresses to look for model servers at, instead of the usual ports of this machine. */
  readonly SLIPSTREAM_LOCAL_SERVERS?: string | undefined
}

export interface RemoteChoice {
  readonly kind: 'remote'
  readonly provider: 'openai' | 'compatible'
  readonly endpoint: Endpoint
  readonly label: string
  readonly key: string | null
  readonly keySource: ProviderView['key']
  /** What the server offers, when it was asked already. */
  readonly offered: readonly string[] | null
  readonly why: string
}

export type Choice =
  /** `absent`: only because nothing else was found; a model server may have been started since. */
  | { readonly kind: 'local'; readonly why: string; readonly absent: boolean }
  | RemoteChoice
  /** What the person asked for cannot be tried at all. */
  | { readonly kind: 'failed'; readonly provider: ProviderKind; readonly failure: Failure; readonly why: string }

export interface Wishes {
  readonly settings: ModelSettings
  readonly environment: ModelEnvironment
  /** Empty: none. */
  readonly sessionKey: string
  /** The provider was named on the command line. */
  readonly explicit: boolean
}

/** The choice, or `look` when it depends on which model servers run on this machine. */
export function choose(wishes: Wishes): Choice | 'look' {
  const { settings } = wishes
  const asked = reason(wishes)
  const base = baseUrlOf(wishes)
  switch (settings.provider) {
    case 'local':
      return { kind: 'local', why: asked, absent: false }
    case 'openai':
      return remote('openai', base ?? OPENAI_URL, asked, wishes)
    case 'compatible':
      return base === null ? 'look' : remote('compatible', base, asked, wishes)
    case 'auto': {
      const key = keyOf(wishes)
      if (base === null) return key.key === null ? 'look' : remote('openai', OPENAI_URL, keyWhy(key.source), wishes)
      const named = settings.baseUrl.trim() === '' ? 'OPENAI_BASE_URL names it' : 'the settings name it'
      const endpoint = parseEndpoint(base)
      const hosted = endpoint.ok && endpoint.value.operator !== 'other'
      if (hosted && key.key === null) return 'look'
      return remote(hosted ? 'openai' : 'compatible', base, named, wishes)
    }
  }
}

/** Where a server that nobody has named is said to be in a dry run, which looks for none. */
const SOMEWHERE_HERE = 'http://127.0.0.1:11434/v1'

/** Who would answer, without a look at this machine, and without a key where there is none. */
export function chooseDry(wishes: Wishes): Choice {
  const { key, source } = keyOf(wishes)
  const choice = choose({ ...wishes, sessionKey: key ?? 'none' })
  const found = choice === 'look' ? remote('compatible', SOMEWHERE_HERE, reason(wishes), wishes) : choice
  return found.kind === 'remote' ? { ...found, key, keySource: source } : found
}

/** The choice once it is known which model servers run here, best first. */
export function chooseAmong(servers: readonly LocalServer[], wishes: Wishes): Choice {
  const found = servers[0]
  const explicit = wishes.settings.provider === 'compatible'
  if (found !== undefined) {
    const why = explicit ? reason(wishes) : 'no key is set, and this server answers on this machine'
    const { endpoint, label, models } = found
    return {
      kind: 'remote',
      provider: 'compatible',
      endpoint,
      label,
      key: null,
      keySource: 'none',
      offered: models,
      why,
    }
  }
  if (!explicit)
    return { kind: 'local', why: 'no key is set, and no model server answers on this machine', absent: true }
  const message = 'No model server answers on this machine: start one, or give its address with --base-url.'
  return { kind: 'failed', provider: 'compatible', failure: { code: 'unreachable', message }, why: reason(wishes) }
}

function remote(provider: 'openai' | 'compatible', base: string, why: string, wishes: Wishes): Choice {
  const parsed = parseEndpoint(base)
  if (!parsed.ok) return { kind: 'failed', provider, failure: parsed.failure, why }
  const endpoint = parsed.value
  const { key, source } = keyOf(wishes)
  if (key === null && endpoint.operator !== 'other') {
    const message = `No key for ${endpoint.host}: set OPENAI_API_KEY, or enter a key in the settings.`
    return { kind: 'failed', provider, failure: { code: 'key', message }, why }
  }
  return { kind: 'remote', provider, endpoint, label: labelOf(endpoint), key, keySource: source, offered: null, why }
}

function reason(wishes: Wishes): string {
  return wishes.explicit ? `asked for by --provider ${wishes.settings.provider}` : 'chosen in the settings'
}

function keyWhy(source: ProviderView['key']): string {
  return source === 'session' ? 'a key was entered for this session' : 'OPENAI_API_KEY is set'
}

function baseUrlOf(wishes: Wishes): string | null {
  return wishes.settings.baseUrl.trim() || (wishes.environment.OPENAI_BASE_URL ?? '').trim() || null
}

function keyOf(wishes: Wishes): { readonly key: string | null; readonly source: ProviderView['key'] } {
  if (wishes.sessionKey !== '') return { key: wishes.sessionKey, source: 'session' }
  const key = (wishes.environment.OPENAI_API_KEY ?? '').trim()
  return key === '' ? { key: null, source: 'none' } : { key, source: 'environment' }
}

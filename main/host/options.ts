// What the command line may say, as values: the options of a run, and how wrong arguments are told.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import type { ProviderKind, Result, SettingsView } from '../../preload/contract.ts'

export interface RunOptions {
  /** The project folder as given; relative to the current folder. */
  readonly path: string
  readonly host: 'desktop' | 'browser'
  /** 0: a free one. */
  readonly port: number
  /** Whether a window is to be opened. */
  readonly open: boolean
  /** Where the database lives; null: this user's data folder. */
  readonly data: string | null
  /** null: not said, so the settings decide. `openai` and `compatible` said here are the consent to send there. */
  readonly provider: SettingsView['provider'] | null
  readonly baseUrl: string | null
  readonly model: string | null
  readonly deepModel: string | null
  /** Requests are made and shown, and none is sent. */
  readonly dryRun: boolean
}

/** Who answers, as the command line says it; the part of `RunOptions` that `suggest` shares. */
export type ProviderOptions = Pick<RunOptions, 'provider' | 'baseUrl' | 'model' | 'deepModel'>

/** Wrong arguments; the exit code for it is 2. */
export function wrong(message: string): Result<never> {
  return { ok: false, failure: { code: 'arguments', message } }
}

/** `parseArgs`, strict, with its complaint as a value in one line. */
export function parseOptions<const Options extends ParseArgsOptionsConfig>(
  words: readonly string[],
  options: Options,
): Result<ReturnType<typeof parseArgs<{ args: string[]; options: Options; allowPositionals: true; strict: true }>>> {
  try {
    return { ok: true, value: parseArgs({ args: [...words], options, allowPositionals: true, strict: true }) }
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
    return wrong(error.message.split('. ', 1)[0]?.split('\n', 1)[0] ?? 'Wrong arguments')
  }
}

const text = { type: 'string' } as const

/** The options that choose who answers. */
export const PROVIDER_OPTIONS = {
  provider: text,
  'base-url': text,
  model: text,
  'deep-model': text,
} as const

export function parseProvider(values: {
  readonly provider?: string
  readonly 'base-url'?: string
  readonly model?: string
  readonly 'deep-model'?: string
}): Result<ProviderOptions> {
  const provider = oneOf(PROVIDERS, nonEmpty(values.provider))
  if (provider === undefined) return wrong(`--provider is one of ${PROVIDERS.join(', ')}`)
  const baseUrl = nonEmpty(values['base-url'])
  if (baseUrl !== null && !isHttpAddress(baseUrl))
    return wrong('--base-url is an address such as http://127.0.0.1:11434/v1')
  const model = nonEmpty(values.model)
  const deepModel = nonEmpty(values['deep-model'])
  return { ok: true, value: { provider, baseUrl, model, deepModel } }
}

const PROVIDERS: readonly ('auto' | ProviderKind)[] = ['auto', 'openai', 'compatible', 'local']
const HOSTS = ['desktop', 'browser'] as const

/** `slipstream [PATH] …`. Failure: `arguments`. */
export function parseRun(words: readonly string[]): Result<RunOptions> {
  const parsed = parseOptions(words, {
    ...PROVIDER_OPTIONS,
    host: text,
    port: text,
    data: text,
    'no-open': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  })
  if (!parsed.ok) return parsed
  const { values, positionals } = parsed.value
  if (positionals.length > 1)
    return wrong(`One PATH at most, but there are ${positionals.length}: ${positionals.join(' ')}`)
  const host = oneOf(HOSTS, values.host ?? 'desktop')
  if (host === undefined || host === null) return wrong(`--host is one of ${HOSTS.join(', ')}`)
  const port = Number(values.port ?? '0')
  if (!/^\d*$/.test(values.port ?? '') || values.port === '' || port > 65_535)
    return wrong('--port is a number from 0 to 65535')
  const provider = parseProvider(values)
  if (!provider.ok) return provider
  return {
    ok: true,
    value: {
      path: positionals[0] ?? '.',
      host,
      port,
      open: values['no-open'] !== true,
      data: nonEmpty(values.data),
      ...provider.value,
      dryRun: values['dry-run'] === true,
    },
  }
}

/** The value, if it is one of them; null stays null (not said); undefined: it is none of them. */
function oneOf<T extends string>(choices: readonly T[], value: string | null): T | null | undefined {
  return value === null ? null : choices.find((choice) => choice === value)
}

/** Empty counts as not said. */
function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value
}

function isHttpAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

// The person's settings in a JSON file that may also be edited by hand, and what the command line and the environment add to them.
// Checked by hand and not with zod, whose import costs 49 ms: the settings are read before the window can open.
import { readFileSync } from 'node:fs'
import { constants, copyFile, mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Result, SettingsView } from '../../preload/contract.ts'
import { errorCode } from './files/errno.ts'
import { temporaryName } from './files/temporary.ts'

export const DEFAULT_SETTINGS: SettingsView = {
  provider: 'auto',
  baseUrl: '',
  model: '',
  deepModel: '',
  excludes: [],
  maxFileBytes: 1024 * 1024,
  hourlyTokens: 0,
  editor: '',
}

export interface LoadedSettings {
  readonly settings: SettingsView
  /** One line that names the file and what is wrong in it; null when nothing is. What is wrong has its default. */
  readonly fault: string | null
}

export interface Settings {
  /** Reads the file anew. A file that is not there is no fault. */
  load(): LoadedSettings
  /**
   * Replaces the file in one step (0600). Keys that this version does not know stay; keys that have their default and do
   * not stand there already are left out. A malformed file is first kept beside it as `FILE.bad` (`.bad-2`, ...).
   * Failures: `denied`, `full`, `io`.
   */
  save(settings: SettingsView): Promise<Result<null>>
}

export function createSettings(file: string): Settings {
  let saved: Promise<unknown> = Promise.resolve()
  return {
    load() {
      try {
        const { settings, faults } = parse(readFileSync(file, 'utf8'))
        return { settings, fault: faults.length === 0 ? null : `${file}: ${faults.join('; ')}` }
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return { settings: DEFAULT_SETTINGS, fault: null }
        return { settings: DEFAULT_SETTINGS, fault: `${file} cannot be read (${messageOf(error)}): using the defaults` }
      }
    },
    save(settings) {
      // One after the other: the last one asked for is what stands there in the end.
      const outcome = saved.then(() => save(file, settings))
      saved = outcome.catch(() => null)
      return outcome
    },
  }
}

async function save(file: string, settings: SettingsView): Promise<Result<null>> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const present = await readFile(file, 'utf8').catch(ignoreMissing)
    const { object, faults } = present === null ? { object: {}, faults: [] } : parse(present)
    if (faults.length > 0) await keepBad(file)
    await replaceFile(await targetOf(file), `${JSON.stringify(merge(object, settings), null, 2)}\n`)
    return { ok: true, value: null }
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
    const message = `the settings were not saved to ${file}: ${messageOf(error)}`
    return { ok: false, failure: { code: full ? 'full' : denied ? 'denied' : 'io', message } }
  }
}

/** What stands in the file, in its order, and then the settings that are new in it. */
function merge(object: Readonly<Record<string, unknown>>, settings: SettingsView): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...object }
  const defaults = new Map<string, unknown>(Object.entries(DEFAULT_SETTINGS))
  for (const [key, value] of Object.entries(settings)) {
    if (Object.hasOwn(object, key) || !isSame(value, defaults.get(key))) merged[key] = value
  }
  return merged
}

/** A malformed file is somebody's work: it stays beside the new one. */
async function keepBad(file: string): Promise<void> {
  for (let count = 1; ; count += 1) {
    try {
      await copyFile(file, `${file}.bad${count === 1 ? '' : `-${count}`}`, constants.COPYFILE_EXCL)
      return
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

/** The file behind a symbolic link, as people who keep their settings in a repository have it. */
async function targetOf(file: string): Promise<string> {
  return (await realpath(file).catch(ignoreMissing)) ?? file
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), temporaryName())
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
}

function ignoreMissing(error: unknown): null {
  if (errorCode(error) !== 'ENOENT') throw error
  return null
}

interface Parsed {
  /** All keys of the file, also unknown and malformed ones. */
  readonly object: Readonly<Record<string, unknown>>
  readonly settings: SettingsView
  readonly faults: readonly string[]
}

function parse(text: string): Parsed {
  let json: unknown
  try {
    // Editors on Windows may write a byte order mark, which JSON forbids.
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const fault = `not JSON (${messageOf(error)}): using the defaults`
    return { object: {}, settings: DEFAULT_SETTINGS, faults: [fault] }
  }
  if (!isObject(json)) {
    return { object: {}, settings: DEFAULT_SETTINGS, faults: ['not a JSON object: using the defaults'] }
  }
  const object = json
  const faults: string[] = []

  function take<T>(key: keyof SettingsView, expected: string, is: (value: unknown) => value is T, fallback: T): T {
    const value = object[key]
    if (value === undefined) return fallback
    if (is(value)) return value
    faults.push(`"${key}" must be ${expected}: using the default`)
    return fallback
  }

  const { provider, baseUrl, model, deepModel, excludes, maxFileBytes, hourlyTokens, editor } = DEFAULT_SETTINGS
  const settings: SettingsView = {
    provider: take('provider', PROVIDERS.map((name) => `"${name}"`).join(', '), isProvider, provider),
    baseUrl: take('baseUrl', 'an address that begins with http:// or https://, or ""', isBaseUrl, baseUrl),
    model: take('model', 'a text', isText, model),
    deepModel: take('deepModel', 'a text', isText, deepModel),
    excludes: take('excludes', 'a list of texts', isTexts, excludes),
    maxFileBytes: take('maxFileBytes', 'a whole number from 1 to 1000000000', isByteCount, maxFileBytes),
    hourlyTokens: take('hourlyTokens', 'a whole number from 0 to 1000000000', isCount, hourlyTokens),
    editor: take('editor', 'a text', isText, editor),
  }
  return { object, settings, faults }
}

const PROVIDERS: readonly SettingsView['provider'][] = ['auto', 'openai', 'compatible', 'local']

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isProvider(value: unknown): value is SettingsView['provider'] {
  return PROVIDERS.some((name) => name === value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}

function isBaseUrl(value: unknown): value is string {
  return isText(value) && (value === '' || (/^https?:\/\//i.test(value) && URL.canParse(value)))
}

function isByteCount(value: unknown): value is number {
  return isCount(value) && value >= 1
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1_000_000_000
}

/** One line, whatever the parser quotes from the file. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** What the command line may say; null and the empty text are unset. */
export interface SettingsOptions {
  readonly provider: SettingsView['provider'] | null
  readonly baseUrl: string | null
  readonly model: string | null
  readonly deepModel: string | null
}

export interface ResolvedSettings {
  readonly settings: SettingsView
  /** The provider was named on the command line: that is the person's consent to send there (see product.md). */
  readonly explicitProvider: boolean
  /** What of the environment counts, trimmed; null is unset. A base address of the settings goes before this one. */
  readonly environment: { readonly apiKey: string | null; readonly baseUrl: string | null }
}

/** The command line wins over what is stored. The environment's address and key stand beside them: they are never stored. */
export function resolveSettings(
  stored: SettingsView,
  options: SettingsOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ResolvedSettings {
  return {
    settings: {
      ...stored,
      provider: options.provider ?? stored.provider,
      baseUrl: unlessEmpty(options.baseUrl) ?? stored.baseUrl,
      model: unlessEmpty(options.model) ?? stored.model,
      deepModel: unlessEmpty(options.deepModel) ?? stored.deepModel,
    },
    explicitProvider: options.provider === 'openai' || options.provider === 'compatible',
    environment: {
      apiKey: unlessEmpty(environment['OPENAI_API_KEY']),
      baseUrl: unlessEmpty(environment['OPENAI_BASE_URL']),
    },
  }
}

function unlessEmpty(value: string | null | undefined): string | null {
  return value?.trim() || null
}

/**
 * What to store after a person edited the settings that were shown: `shown` holds what the command line said for this run,
 * and only what was changed by hand goes into the file.
 */
export function settingsToStore(stored: SettingsView, shown: SettingsView, edited: SettingsView): SettingsView {
  const keep = <Key extends keyof SettingsView>(key: Key) =>
    isSame(edited[key], shown[key]) ? stored[key] : edited[key]
  return {
    provider: keep('provider'),
    baseUrl: keep('baseUrl'),
    model: keep('model'),
    deepModel: keep('deepModel'),
    excludes: keep('excludes'),
    maxFileBytes: keep('maxFileBytes'),
    hourlyTokens: keep('hourlyTokens'),
    editor: keep('editor'),
  }
}

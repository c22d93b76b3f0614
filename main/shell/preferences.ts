// What is kept about the desktop window: preferences, its place on each display, the projects that were open; a JSON file.
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DesktopPreferences } from '../../preload/contract.ts'

// Checked by hand and not with zod, whose import costs 49 ms: this is read before the window opens.

export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Kept {
  readonly preferences: DesktopPreferences
  /** By the display's id, in device-independent pixels. */
  readonly places: Readonly<Record<string, Place>>
  /** Real paths, for a start that names none. */
  readonly projects: readonly string[]
}

export interface Preferences {
  current(): Kept
  /** What was wrong in the file, one line, or null. */
  fault(): string | null
  /** Replaces parts; the file follows behind. */
  keep(parts: Partial<Kept>): void
  onChange(listener: (kept: Kept) => void): void
  /** Resolves once everything so far is written, or could not be. */
  flush(): Promise<void>
}

export const DEFAULT_PREFERENCES: DesktopPreferences = {
  side: 'right',
  alwaysOnTop: true,
  compact: false,
  notifications: true,
  // Nothing is asked of any server before somebody says so.
  updates: 'off',
  // Modified chords: a bare Esc belongs to the editor.
  hotkeys: { interrupt: defaultInterrupt(process.platform), toggle: 'CommandOrControl+Alt+Space' },
}

/** Ctrl+Shift+Esc is the task manager's on Windows, and never reaches another program. */
export function defaultInterrupt(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'Control+Alt+Backspace' : 'CommandOrControl+Shift+Escape'
}

const DEFAULTS: Kept = { preferences: DEFAULT_PREFERENCES, places: {}, projects: [] }
const MAX_PROJECTS = 10

export function openPreferences(file: string): Preferences {
  let { kept, fault } = load(file)
  let writing: Promise<void> = Promise.resolve()
  const listeners: ((kept: Kept) => void)[] = []

  async function write(before: Promise<void>, text: string): Promise<void> {
    await before
    try {
      await replace(file, text)
      fault = null
    } catch (error) {
      fault = `${file} cannot be written: ${messageOf(error)}`
    }
  }

  return {
    current: () => kept,
    fault: () => fault,
    keep(parts) {
      kept = { ...kept, ...parts }
      const text = `${JSON.stringify(kept, null, 2)}\n`
      // One after the other: the last one is what stands there in the end.
      writing = write(writing, text)
      for (const listener of listeners) listener(kept)
    },
    onChange: (listener) => void listeners.push(listener),
    flush: () => writing,
  }
}

/** A file that is not there is no fault; what is malformed has its default. */
function load(file: string): { readonly kept: Kept; readonly fault: string | null } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return {
      kept: DEFAULTS,
      fault: missing ? null : `${file} cannot be read (${messageOf(error)}): using the defaults`,
    }
  }
  try {
    const faults: string[] = []
    const kept = parse(JSON.parse(text), faults)
    return { kept, fault: faults.length === 0 ? null : `${file}: ${faults.join('; ')}` }
  } catch (error) {
    return { kept: DEFAULTS, fault: `${file} is not JSON (${messageOf(error)}): using the defaults` }
  }
}

function parse(json: unknown, faults: string[]): Kept {
  const outer = fieldsOf(json)
  const fields = fieldsOf(outer['preferences'])
  const hotkeys = fieldsOf(fields['hotkeys'])
  const { preferences } = DEFAULTS

  function take<T>(from: Fields, name: string, is: (value: unknown) => value is T, fallback: T): T {
    const value = from[name]
    if (value === undefined) return fallback
    if (is(value)) return value
    faults.push(`"${name}" is malformed: using the default`)
    return fallback
  }

  const places: Record<string, Place> = {}
  for (const [display, place] of Object.entries(fieldsOf(outer['places']))) if (isPlace(place)) places[display] = place
  return {
    preferences: {
      side: take(fields, 'side', isOneOf(['left', 'right']), preferences.side),
      alwaysOnTop: take(fields, 'alwaysOnTop', isBoolean, preferences.alwaysOnTop),
      compact: take(fields, 'compact', isBoolean, preferences.compact),
      notifications: take(fields, 'notifications', isBoolean, preferences.notifications),
      updates: take(fields, 'updates', isOneOf(['off', 'latest', 'beta']), preferences.updates),
      hotkeys: {
        interrupt: take(hotkeys, 'interrupt', isText, preferences.hotkeys.interrupt),
        toggle: take(hotkeys, 'toggle', isText, preferences.hotkeys.toggle),
      },
    },
    places,
    projects: take(outer, 'projects', isTexts, []).slice(0, MAX_PROJECTS),
  }
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

function isOneOf<const T extends string>(choices: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => choices.some((choice) => choice === value)
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText)
}

function isPlace(value: unknown): value is Place {
  const { x, y, width, height } = fieldsOf(value)
  return [x, y, width, height].every(Number.isFinite) && Number(width) > 0 && Number(height) > 0
}

/** In one step, open to this user alone. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.new`
  try {
    await writeFile(unfinished, text, { mode: 0o600, flush: true })
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
}

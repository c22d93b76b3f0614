// One process for this user and data folder: a second start hands its words to the first, and ends.
import type { Electron } from './electron.ts'

/** What a start asks for. */
export interface Start {
  /** The words after the program's name. */
  readonly words: readonly string[]
  /** Absolute: what a relative PATH among the words is relative to. */
  readonly cwd: string
}

/** Before the app is ready. False: another process has it, and has been told; this one has to end. */
export function claimInstance({ app }: Pick<Electron, 'app'>, start: Start, onSecond: (start: Start) => void): boolean {
  if (!app.requestSingleInstanceLock({ words: [...start.words], cwd: start.cwd })) return false
  // The words that Chromium passes in `argv` are reordered and mixed with switches of its own.
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    const second = startOf(data)
    if (second !== null) onSecond(second)
  })
  return true
}

/** Whatever another process sent. */
function startOf(data: unknown): Start | null {
  if (typeof data !== 'object' || data === null || !('words' in data && 'cwd' in data)) return null
  const { words, cwd } = data
  if (typeof cwd !== 'string' || !Array.isArray(words) || !words.every((word) => typeof word === 'string')) return null
  return { words, cwd }
}

/** Switches that are Chromium's: it takes a value only after `=`. Desktop entries and people put them before the words for us. */
const CHROMIUM_SWITCH =
  /^--(?:ozone-platform(?:-hint)?|no-sandbox|disable-gpu|(?:en|dis)able-features|password-store|force-device-scale-factor|enable-logging)(?:=|$)|^-psn_/

/**
 * The words for us in a process's arguments. From a checkout they come after `--`, which keeps Chromium from reading them, and
 * before it stand the shell's file and switches in any order; an installed program has its own words alone.
 */
export function wordsOf(argv: readonly string[], isPackaged: boolean): readonly string[] {
  const end = argv.indexOf('--')
  if (end >= 0 && (!isPackaged || end === 1)) return argv.slice(end + 1)
  const words = argv.slice(isPackaged ? 1 : 2)
  return words.filter((word, at) => (end >= 0 && at >= end) || !CHROMIUM_SWITCH.test(word))
}

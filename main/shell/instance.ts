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

/**
 * The words for us in a process's arguments. Started from a checkout there is a script's name after the program's, and `--`,
 * which keeps Chromium from reading the rest; an installed program has neither.
 */
export function wordsOf(argv: readonly string[], isPackaged: boolean): readonly string[] {
  const words = argv.slice(isPackaged ? 1 : 2)
  return words[0] === '--' ? words.slice(1) : words
}

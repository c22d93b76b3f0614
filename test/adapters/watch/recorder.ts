// A running watch of one test: what it told, and ways to wait for it.
import { onTestFinished } from 'vitest'
import { startProject } from '../../../main/adapters/project.ts'
import { watchFolder, type Watching, type WatchingOptions } from '../../../main/adapters/watch/watching.ts'
import type { SeenFile, WatchEvents } from '../../../main/core/ports.ts'

export interface Recorder {
  readonly watch: Pick<Watching, 'ignores' | 'exclude'>
  readonly hints: string[]
  readonly seen: SeenFile[]
  readonly troubles: { readonly message: string; readonly fatal: boolean }[]
  readonly readies: () => number
  seenPaths(): readonly string[]
  /** Waits until the condition holds; the test's own time limit is the only one. */
  until(condition: () => boolean): Promise<void>
  /** Waits until the first scan is over. */
  ready(): Promise<void>
  hinted(path: string): Promise<void>
  /** Waits until a marker file is hinted: what was to come before it has come. */
  settled(marker: (name: string) => void): Promise<void>
  stop(): void
}

export interface RecorderOptions extends Partial<Omit<WatchingOptions, 'backend'>> {
  /** `thread`: as the engine watches, on the project's thread. */
  readonly backend?: WatchingOptions['backend'] | 'thread'
}

export function record(root: string, options: RecorderOptions = {}): Recorder {
  const hints: string[] = []
  const seen: SeenFile[] = []
  const troubles: { readonly message: string; readonly fatal: boolean }[] = []
  const waiting = new Set<() => void>()
  const controller = new AbortController()
  let readies = 0
  let markers = 0
  const told = (): void => {
    for (const look of waiting) look()
  }
  const events: WatchEvents = {
    hint(path) {
      hints.push(path)
      told()
    },
    seen(files) {
      seen.push(...files)
      told()
    },
    ready() {
      readies += 1
      told()
    },
    trouble(message, fatal) {
      troubles.push({ message, fatal })
      told()
    },
  }
  const watch = startWatching(root, options, events, controller.signal)
  onTestFinished(() => controller.abort())
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    watch,
    hints,
    seen,
    troubles,
    readies: () => readies,
    seenPaths: () => seen.map(({ path }) => path).sort(),
    until,
    ready: () => until(() => readies > 0),
    hinted: (path) => until(() => hints.includes(path)),
    async settled(marker) {
      markers += 1
      const name = `marker-${markers}.txt`
      marker(name)
      await until(() => hints.includes(name))
    },
    stop: () => controller.abort(),
  }
}

function startWatching(
  root: string,
  options: RecorderOptions,
  events: WatchEvents,
  signal: AbortSignal,
): Recorder['watch'] {
  const { excludes = [], backend, open } = options
  if (backend !== 'thread') return watchFolder(root, { excludes, backend, open }, { ...events, rules() {} }, signal)
  const project = startProject(root, { excludes })
  onTestFinished(() => project.close())
  project.watch.start(events, signal)
  return project.watch
}

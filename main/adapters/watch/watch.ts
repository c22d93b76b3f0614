// The Watch port: the watching itself runs on the project's thread; here are its rules, and its news as they are taken.
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { Watch, WatchEvents } from '../../core/ports.ts'
import type { ProjectQuestions } from '../project-server.ts'
import type { Thread } from '../thread.ts'
import { createIgnoreRules } from './ignore-rules.ts'
import { deliver } from './news.ts'
import type { Backend } from './watching.ts'

export interface WatchOptions {
  /** The settings' patterns, in the syntax of .gitignore. */
  readonly excludes: readonly string[]
  /** Chosen by the size of the project unless told. */
  readonly backend?: Backend
}

/** A thread that dies again and again is not the way to watch. */
const MOST_STARTS = 3

/**
 * `root`: the project's folder, absolute. Hints may repeat and may be about files that are gone. `ready` comes again when the
 * folder had vanished (fatal trouble) and is back. Files that a changed ignore file brings in come by `seen`, also later; all files
 * come by it again when the thread had to be replaced.
 */
export function createWatch(root: string, options: WatchOptions, thread: Thread<ProjectQuestions>): Watch {
  const realRoot = existsSync(root) ? realpathSync(root) : resolve(root)
  let { excludes } = options
  let rules = createIgnoreRules(realRoot, excludes)

  function renewRules(): void {
    rules = createIgnoreRules(realRoot, excludes)
  }

  /** News are asked for only when the last ones are handled, and other work has had its turn. */
  async function follow(events: WatchEvents, signal: AbortSignal, known: Promise<readonly string[]>): Promise<void> {
    await thread.ask('watch', { root, excludes, backend: options.backend }, signal)
    const paths = await known
    if (paths.length > 0) await thread.ask('sooner', paths)
    while (!signal.aborted) {
      const news = await thread.ask('news', null)
      if (signal.aborted) return
      deliver(news, events, renewRules)
      await turn()
    }
  }

  async function watch(events: WatchEvents, signal: AbortSignal, known: Promise<readonly string[]>): Promise<void> {
    for (let starts = 1; !signal.aborted; starts += 1) {
      try {
        await follow(events, signal, known)
      } catch (error) {
        if (signal.aborted) return
        const why = error instanceof Error ? error.message : String(error)
        events.trouble(`watching broke off: ${why}`, starts === MOST_STARTS)
        if (starts === MOST_STARTS) return
      }
    }
  }

  return {
    start(events, ended, known = Promise.resolve([])) {
      const unknown = new AbortController()
      known.catch(() => unknown.abort())
      const signal = AbortSignal.any([ended, unknown.signal])
      void watch(events, signal, known)
      signal.addEventListener('abort', () => void thread.ask('unwatch', null).catch(() => null), { once: true })
    },
    ignores: (path) => rules.ignores(path, 'file'),
    exclude(patterns) {
      if (patterns.join('\n') === excludes.join('\n')) return
      excludes = patterns
      renewRules()
      // One that dies of it is told by what waits for its news.
      void thread.ask('exclude', patterns).catch(() => null)
    },
  }
}

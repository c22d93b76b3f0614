// What the watcher has to tell, from its thread to the streaming thread: saves first, and never more at once than is handled in a moment.
import type { FileStat, SeenFile, WatchEvents } from '../../core/ports.ts'
import type { WatchingEvents } from './watching.ts'

/** Seen files cross as one text and one row of numbers: as objects they would cost the receiver a hundred times as much. */
export type Told =
  | { readonly type: 'seen'; readonly paths: string; readonly stats: Float64Array }
  | { readonly type: 'hint'; readonly path: string }
  | { readonly type: 'ready' }
  | { readonly type: 'trouble'; readonly message: string; readonly fatal: boolean }
  | { readonly type: 'rules' }

export type News = readonly Told[]

/** What the streaming thread handles in one go: about a millisecond of its time. */
const MOST_HINTS = 16

export interface NewsQueue {
  readonly events: WatchingEvents
  /** Resolves with what comes next, at least one; ask again only when it is handled. */
  next(): Promise<News>
}

/** What came up to the next news that nothing may overtake. */
interface Stretch {
  readonly hints: Told[]
  readonly seen: Told[]
  end: Told | null
}

function newStretch(): Stretch {
  return { hints: [], seen: [], end: null }
}

/**
 * A file that is hinted again before its hint was taken is told once. Hints overtake what the scan has seen: a save does not wait
 * for fifty thousand files. Nothing overtakes other rules, which say what may be hinted at, or the end of the scan.
 */
export function createNewsQueue(): NewsQueue {
  let first = newStretch()
  const later: Stretch[] = []
  const hinted = new Set<string>()
  let asked: ((news: News) => void) | null = null

  function last(): Stretch {
    return later.at(-1) ?? first
  }

  function end(told: Told): void {
    last().end = told
    later.push(newStretch())
    give()
  }

  function taken(): News {
    const news: Told[] = []
    while (news.length < MOST_HINTS) {
      if (first.hints.length > 0) news.push(...first.hints.splice(0, MOST_HINTS - news.length))
      else if (first.seen.length > 0) return news.length > 0 ? news : first.seen.splice(0, 1)
      else if (first.end === null) return news
      else {
        news.push(first.end)
        first = later.shift() ?? newStretch()
      }
    }
    return news
  }

  function give(): void {
    if (asked === null) return
    const news = taken()
    if (news.length === 0) return
    for (const told of news) if (told.type === 'hint') hinted.delete(told.path)
    const answer = asked
    asked = null
    answer(news)
  }

  return {
    events: {
      hint(path) {
        if (hinted.has(path)) return
        hinted.add(path)
        last().hints.push({ type: 'hint', path })
        give()
      },
      seen(files) {
        const stats = files.flatMap(({ stat }) => [stat.size, stat.modifiedMs, stat.inode])
        const paths = files.map(({ path }) => path).join('\0')
        last().seen.push({ type: 'seen', paths, stats: Float64Array.from(stats) })
        give()
      },
      ready: () => end({ type: 'ready' }),
      trouble: (message, fatal) => end({ type: 'trouble', message, fatal }),
      rules: () => end({ type: 'rules' }),
    },
    next() {
      return new Promise((resolve) => {
        asked = resolve
        give()
      })
    },
  }
}

/** On the streaming thread. */
export function deliver(news: News, events: WatchEvents, rulesChanged: () => void): void {
  for (const told of news) {
    switch (told.type) {
      case 'hint':
        events.hint(told.path)
        break
      case 'seen':
        events.seen(seenOf(told.paths, told.stats))
        break
      case 'ready':
        events.ready()
        break
      case 'trouble':
        events.trouble(told.message, told.fatal)
        break
      case 'rules':
        rulesChanged()
        break
      default:
        throw new Error(`nothing is known of ${String(told satisfies never)}`)
    }
  }
}

function seenOf(paths: string, stats: Float64Array): readonly SeenFile[] {
  return paths.split('\0').map((path, index) => ({ path, stat: statAt(stats, index * 3) }))
}

function statAt(stats: Float64Array, at: number): FileStat {
  return { size: stats[at] ?? 0, modifiedMs: stats[at + 1] ?? 0, inode: stats[at + 2] ?? 0 }
}

// What the watcher has to tell, from its thread to the streaming thread: in order, and never more at once than is handled in a moment.
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

/** A file that is hinted again before its hint was taken is told once. */
export function createNewsQueue(): NewsQueue {
  const queue: Told[] = []
  const hinted = new Set<string>()
  let asked: ((news: News) => void) | null = null

  function tell(told: Told): void {
    queue.push(told)
    give()
  }

  function give(): void {
    if (asked === null || queue.length === 0) return
    const end = queue.slice(0, MOST_HINTS).findIndex((told) => told.type === 'seen')
    const news = queue.splice(0, end === 0 ? 1 : end < 0 ? MOST_HINTS : end)
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
        tell({ type: 'hint', path })
      },
      seen(files) {
        const stats = files.flatMap(({ stat }) => [stat.size, stat.modifiedMs, stat.inode])
        tell({ type: 'seen', paths: files.map(({ path }) => path).join('\0'), stats: Float64Array.from(stats) })
      },
      ready: () => tell({ type: 'ready' }),
      trouble: (message, fatal) => tell({ type: 'trouble', message, fatal }),
      rules: () => tell({ type: 'rules' }),
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

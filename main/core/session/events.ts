// One window's view of the session: what changed since it last asked, worked out at the moment it asks.
import type { EventBatch, ProjectView, SuggestionView, TextDelta } from '../../../preload/contract.ts'
import type { Clock } from '../ports.ts'
import type { Queue } from './queue.ts'

interface Source {
  readonly queue: Queue
  readonly clock: Clock
  project(): ProjectView
  view(id: string): SuggestionView | null
}

/** Of a long transcript a new window gets the tail. */
const TAIL = 200_000

/**
 * Batches until the signal aborts. Nothing is queued for a window that is slow or hidden: what is new is only marked, so
 * memory is bounded and its next batch is one catch-up. What arrives in one turn of the event loop makes one batch.
 */
export async function* events(source: Source, signal: AbortSignal): AsyncGenerator<EventBatch> {
  const { queue, clock } = source
  const shown = new Map<string, number>()
  const suggestions = new Set<string>(queue.entries.keys())
  const texts = new Set<string>(queue.entries.keys())
  const removed = new Set<string>()
  let project = true
  let first = true
  let wake: (() => void) | null = null
  let woken = false

  const poke = (): void => {
    if (woken) return
    woken = true
    clock.soon(() => wake?.())
  }
  const stop = queue.listen({
    suggestion: (id) => {
      suggestions.add(id)
      poke()
    },
    removed: (id) => {
      suggestions.delete(id)
      texts.delete(id)
      shown.delete(id)
      removed.add(id)
      poke()
    },
    text: (id) => {
      texts.add(id)
      poke()
    },
    project: () => {
      project = true
      poke()
    },
  })
  const abort = (): void => wake?.()
  signal.addEventListener('abort', abort)
  try {
    while (!signal.aborted) {
      if (!first && !project && suggestions.size === 0 && texts.size === 0 && removed.size === 0) {
        woken = false
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
        continue
      }
      woken = false
      const batch: EventBatch = {
        first,
        project: project ? source.project() : null,
        suggestions: [...suggestions].map((id) => source.view(id)).filter((view) => view !== null),
        removed: [...removed],
        text: deltas(queue, texts, shown, clock.now()),
      }
      suggestions.clear()
      texts.clear()
      removed.clear()
      project = false
      first = false
      yield batch
    }
  } finally {
    stop()
    signal.removeEventListener('abort', abort)
  }
}

function deltas(queue: Queue, dirty: ReadonlySet<string>, shown: Map<string, number>, now: number): TextDelta[] {
  const made: TextDelta[] = []
  for (const id of dirty) {
    const entry = queue.get(id)
    if (entry === undefined) continue
    const { transcript } = entry
    const from = Math.max(shown.get(id) ?? 0, transcript.length - TAIL)
    if (from >= transcript.length) continue
    made.push({ suggestion: id, from, text: transcript.slice(from) })
    shown.set(id, transcript.length)
    entry.shownAt = now
  }
  return made
}

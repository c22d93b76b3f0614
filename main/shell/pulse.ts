// How a project stands, for tray, notifications and the hotkey's choice of target: followed on the same stream as a window's.
import { setTimeout } from 'node:timers/promises'
import type { EventBatch, ProjectView, SuggestionView } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'

export interface Pulse {
  readonly streaming: number
  readonly pending: number
  readonly paused: boolean
  /** Nobody answers: the endpoint is out of reach, or refuses. */
  readonly offline: boolean
  /** A question about sending waits for the person. */
  readonly consent: boolean
}

export const STILL: Pulse = { streaming: 0, pending: 0, paused: false, offline: false, consent: false }

/** Between two looks, in ms: a tray icon needs no more, and what comes meanwhile is one item then. */
const LOOK_MS = 100

/** Adds batches up. Pure but for its own memory. */
export function createPulse(): { take(batch: EventBatch): Pulse } {
  const suggestions = new Map<string, Pick<Pulse, 'streaming' | 'pending'>>()
  let project: ProjectView | null = null
  return {
    take(batch) {
      if (batch.first) suggestions.clear()
      for (const view of batch.suggestions) suggestions.set(view.id, countsOf(view))
      for (const id of batch.removed) suggestions.delete(id)
      project = batch.project ?? project
      let streaming = 0
      let pending = 0
      for (const counts of suggestions.values()) {
        streaming += counts.streaming
        pending += counts.pending
      }
      return {
        streaming,
        pending,
        paused: project?.paused ?? false,
        offline: project?.provider.state === 'failed',
        consent: project?.provider.state === 'consent',
      }
    },
  }
}

function countsOf({ state, hunks }: SuggestionView): Pick<Pulse, 'streaming' | 'pending'> {
  return {
    streaming: state === 'streaming' || state === 'waiting' ? 1 : 0,
    pending: hunks.filter((hunk) => hunk.state === 'pending').length,
  }
}

/** Calls `onPulse` whenever something of it has changed, until the signal aborts. */
export async function followPulse(
  handlers: Handlers,
  onPulse: (pulse: Pulse) => void,
  signal: AbortSignal,
): Promise<void> {
  const counter = createPulse()
  let last = ''
  for await (const batch of handlers.streams.events({}, signal)) {
    const pulse = counter.take(batch)
    const text = JSON.stringify(pulse)
    if (text !== last) onPulse(pulse)
    last = text
    await setTimeout(LOOK_MS, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
  }
}

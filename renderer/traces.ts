// The traces of the suggestions that this window saw, to take away as JSON.
import type { ProjectView, SuggestionView } from '../preload/contract.ts'

type Traced = Pick<
  SuggestionView,
  'id' | 'path' | 'lane' | 'origin' | 'model' | 'state' | 'createdAt' | 'usage' | 'trace'
>

export interface Traces {
  record(views: readonly SuggestionView[]): void
  /** Everything kept, as a JSON text; `now` in epoch ms. */
  export(project: ProjectView | null, now: number): string
}

const KEPT = 1000

export function createTraces(): Traces {
  const kept = new Map<string, Traced>()
  return {
    record(views) {
      for (const { id, path, lane, origin, model, state, createdAt, usage, trace } of views) {
        kept.set(id, { id, path, lane, origin, model, state, createdAt, usage, trace })
      }
      for (const id of kept.keys()) {
        if (kept.size <= KEPT) break
        kept.delete(id)
      }
    },

    export(project, now) {
      return JSON.stringify(
        {
          exportedAt: new Date(now).toISOString(),
          units:
            'ms of the engine\u2019s monotonic clock; painted, overhead (of one piece of text), policyWait and the two lists of saves are durations in ms',
          project: project?.name ?? null,
          savesToFirstPaint: project?.latencies ?? [],
          savesToSuggestion: project?.suggestionLatencies ?? [],
          spending: project?.spending ?? null,
          suggestions: [...kept.values()],
        },
        null,
        2,
      )
    },
  }
}

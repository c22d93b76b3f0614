// The traces of the suggestions that this window saw: for the chart, and to take away as JSON.
import type { ProjectView, SuggestionView } from '../preload/contract.ts'

type Traced = Pick<
  SuggestionView,
  'id' | 'path' | 'lane' | 'origin' | 'model' | 'state' | 'createdAt' | 'usage' | 'trace'
>

export interface Traces {
  record(views: readonly SuggestionView[]): void
  /** Save → first hunk that can be reviewed, the last 100, in ms, oldest first; without what policy made it wait. */
  toSuggestion(): readonly number[]
  /** Everything kept, as a JSON text; `now` in epoch ms. */
  export(project: ProjectView | null, now: number): string
}

const KEPT = 1000
const CHARTED = 100

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

    toSuggestion() {
      const samples = [...kept.values()]
        .sort((a, b) => a.createdAt - b.createdAt)
        .flatMap(({ trace }) => {
          const { saved, stable, region, firstHunk, policyWait } = trace
          const bySave = saved !== null && (stable !== null || region !== null)
          return bySave && firstHunk !== null ? [Math.max(0, firstHunk - saved - policyWait)] : []
        })
      return samples.slice(-CHARTED)
    },

    export(project, now) {
      return JSON.stringify(
        {
          exportedAt: new Date(now).toISOString(),
          units:
            'ms of the engine\u2019s monotonic clock; painted, policyWait and savesToFirstPaint are durations in ms',
          project: project?.name ?? null,
          savesToFirstPaint: project?.latencies ?? [],
          spending: project?.spending ?? null,
          suggestions: [...kept.values()],
        },
        null,
        2,
      )
    },
  }
}

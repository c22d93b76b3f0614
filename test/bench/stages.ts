// Where the product's time goes, by the timestamps that it keeps itself for each suggestion.
import type { Trace } from '../../preload/contract.ts'
import { median } from './statistics.ts'

/** A stage ends with its timestamp and begins with the one before. */
const STAGES = ['saved', 'stable', 'region', 'context', 'sent', 'headers', 'firstToken'] as const

type Stage = (typeof STAGES)[number]

/** One line: the medians of the stages from `first` to `last`, in ms; stages that some trace lacks are left out. */
export function stageLine(traces: readonly Trace[], first: Stage, last: Stage): string {
  const stages = STAGES.slice(STAGES.indexOf(first), STAGES.indexOf(last) + 1)
  const parts = stages.slice(1).flatMap((name, index) => {
    const before = stages[index]
    const spans = traces.flatMap((trace) => {
      const start = before === undefined ? null : trace[before]
      const end = trace[name]
      return start === null || end === null ? [] : [end - start]
    })
    return spans.length === 0 ? [] : [`${before} → ${name} ${median(spans).toFixed(2)}`]
  })
  return `inside the engine, medians in ms: ${parts.join(', ') || 'nothing noted'}`
}

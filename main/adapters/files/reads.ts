// Reads that are asked for in the same moment, as one question to another thread: a message each would cost more than the reads.
import type { ReadOutcome } from '../../core/ports.ts'
import type { Project } from './place.ts'
import type { ReadFile, ReadOptions } from './read.ts'

export interface Read {
  readonly project: Project
  readonly path: string
  readonly options: ReadOptions
}

interface Group {
  readonly reads: Read[]
  readonly signal: AbortSignal
  readonly outcomes: Promise<readonly ReadOutcome[]>
}

/**
 * `ask` answers the outcomes in the order of the reads. Only files that were never read are put together: a file that was may
 * have to be waited for (`readStable`), and nobody else should wait with it.
 */
export function groupedReads(
  ask: (reads: readonly Read[], signal: AbortSignal) => Promise<readonly ReadOutcome[]>,
): ReadFile {
  let group: Group | null = null

  function open(signal: AbortSignal): Group {
    const reads: Read[] = []
    const outcomes = Promise.resolve().then(() => {
      if (group === own) group = null
      return ask(reads, signal)
    })
    const own: Group = { reads, signal, outcomes }
    return own
  }

  return async (project, path, options, signal) => {
    const read = { project, path, options }
    if (options.formerSize !== null) return outcomeOf(await ask([read], signal), 0)
    if (group?.signal !== signal) group = open(signal)
    const own: Group = group
    const index = own.reads.push(read) - 1
    return outcomeOf(await own.outcomes, index)
  }
}

function outcomeOf(outcomes: readonly ReadOutcome[], index: number): ReadOutcome {
  const outcome = outcomes[index]
  if (outcome === undefined) throw new Error('a read was not answered')
  return outcome
}

// "Why?" about hunks: which questions are on their way, and how they are asked and taken back.
import type { Failure, HunkReference, Result } from '../preload/contract.ts'
import { createCell, type Cell } from './cell.ts'

export interface Whys {
  /** Ids of the hunks whose question is on its way. */
  readonly asking: Cell<ReadonlySet<string>>
  /** Asks; a second time, while it is on its way, takes the question back. */
  ask(hunk: HunkReference): void
  close(): void
}

interface Needs {
  call(hunk: HunkReference, signal: AbortSignal): Promise<Result<{ readonly text: string }>>
  refuse(failure: Failure): void
}

export function createWhys({ call, refuse }: Needs): Whys {
  const asking = createCell<ReadonlySet<string>>(new Set())
  const running = new Map<string, AbortController>()

  function show(): void {
    asking.set(new Set(running.keys()))
  }

  async function ask(hunk: HunkReference): Promise<void> {
    const controller = new AbortController()
    running.set(hunk.hunk, controller)
    show()
    const result = await call(hunk, controller.signal)
    if (running.get(hunk.hunk) !== controller) return
    running.delete(hunk.hunk)
    show()
    // The answer itself comes with the hunk.
    if (!result.ok) refuse(result.failure)
  }

  return {
    asking,
    ask(hunk) {
      const former = running.get(hunk.hunk)
      if (former === undefined) {
        void ask(hunk)
        return
      }
      running.delete(hunk.hunk)
      former.abort()
      show()
    },
    close() {
      for (const controller of running.values()) controller.abort()
      running.clear()
    },
  }
}

// How much there is to decide, the keys for it, and deciding all of it at once.
import { useState } from 'react'
import type { HunkReference } from '../preload/contract.ts'
import { closedIn, isClosed, leftOutLine } from './beyond.ts'
import type { Decision } from './decisions.ts'
import { hunkKey } from './focus.ts'
import { useCell, useController, useStore } from './hooks.ts'

interface Whole {
  readonly decision: Decision
  /** As they were painted when it was asked: what came later is not meant. */
  readonly hunks: readonly HunkReference[]
  readonly files: number
}

export function QueueHead() {
  const controller = useController()
  const pending = useStore('list', (store) =>
    store.suggestions().reduce((sum, one) => sum + one.hunks.filter((hunk) => hunk.state === 'pending').length, 0),
  )
  const closed = useStore('list', (store) => closedIn(store.suggestions()).length)
  const leftOut = useStore('list', (store) => leftOutLine(closedIn(store.suggestions())))
  const none = useStore('list', (store) => store.ids().length === 0)
  const deciding = useCell(controller.deciding, (keys) => keys.size > 0)
  const [asked, setAsked] = useState<Whole | null>(null)
  if (none) return null

  function whole(decision: Decision): Whole {
    const hunks: HunkReference[] = []
    const files = new Set<string>()
    for (const { id, hunks: all } of controller.store.suggestions()) {
      for (const hunk of all) {
        if (hunk.state !== 'pending' || controller.deciding.get().has(hunkKey(id, hunk.id))) continue
        if (decision === 'accept' && isClosed(hunk)) continue
        hunks.push({ suggestion: id, hunk: hunk.id, hash: hunk.hash })
        files.add(hunk.path)
        if (hunk.moveTo !== null) files.add(hunk.moveTo)
      }
    }
    return { decision, hunks, files: files.size }
  }

  function start(decision: Decision): void {
    const next = whole(decision)
    if (next.files > 1) setAsked(next)
    else controller[decision](next.hunks)
  }

  function confirm({ decision, hunks }: Whole): void {
    setAsked(null)
    controller[decision](hunks)
  }

  return (
    <div className="queue-head">
      <span data-testid="pending">{pending === 0 ? 'Nothing to review' : `${pending} to review`}</span>
      {asked === null ? (
        <>
          {pending > 1 ? (
            <span className="queue-whole">
              <button
                type="button"
                className="quiet"
                data-testid="queue-accept-all"
                aria-label={`Accept all of the queue: ${pending - closed} hunks${leftOut === null ? '' : `; ${leftOut}`}`}
                title={leftOut ?? undefined}
                disabled={deciding || pending === closed}
                onClick={() => start('accept')}
              >
                Accept all
              </button>
              <button
                type="button"
                className="quiet"
                data-testid="queue-reject-all"
                aria-label={`Reject all of the queue: ${pending} hunks`}
                disabled={deciding}
                onClick={() => start('reject')}
              >
                Reject all
              </button>
            </span>
          ) : null}
          {pending === 0 ? null : (
            <span className="queue-keys" aria-hidden="true">
              <kbd>j</kbd>
              <kbd>k</kbd> move
            </span>
          )}
        </>
      ) : (
        <span className="queue-whole" role="group" aria-label="Are you sure?">
          <button type="button" className="primary" data-testid="queue-confirm" onClick={() => confirm(asked)}>
            {asked.decision === 'accept' ? 'Write' : 'Reject'} {asked.hunks.length} hunks in {asked.files} files
          </button>
          <button type="button" data-testid="queue-cancel" onClick={() => setAsked(null)}>
            Cancel
          </button>
        </span>
      )}
    </div>
  )
}

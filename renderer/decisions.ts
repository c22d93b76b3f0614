// Decisions on their way: hunks that were accepted or rejected here and whose outcome the engine has not shown yet.
import type { HunkReference, Place, Result, SuggestionView } from '../preload/contract.ts'
import { createCell, type Cell } from './cell.ts'
import { hunkKey } from './focus.ts'
import type { Store } from './store.ts'

export type Decision = 'accept' | 'reject'

export interface Decisions {
  /** By `hunkKey`. */
  readonly deciding: Cell<ReadonlySet<string>>
  /** Marks hunks without sending: a held key means to decide them. */
  mark(hunks: readonly HunkReference[], on: boolean): void
  /** Sends, and resolves with what to say to the person, or null. */
  decide(decision: Decision, hunks: readonly HunkReference[]): Promise<string | null>
  /** To be called with what the engine shows now, before the store has it. */
  settle(changed: readonly SuggestionView[], removed: readonly string[]): void
}

/** The engine takes so many in one decision. */
const MOST_AT_ONCE = 1000

interface Needs {
  readonly store: Store
  send(decision: Decision, hunks: readonly HunkReference[]): Promise<Result<{ readonly places: readonly Place[] }>>
  /** After `deciding` changed by itself, not by `settle`. */
  onChange(): void
}

export function createDecisions({ store, send, onChange }: Needs): Decisions {
  const deciding = createCell<ReadonlySet<string>>(new Set())
  /** The engine has taken them; its next picture of their suggestion ends them at the latest. */
  const answered = new Set<string>()

  function mark(hunks: readonly HunkReference[], on: boolean): void {
    const next = new Set(deciding.get())
    for (const { suggestion, hunk } of hunks) {
      const key = hunkKey(suggestion, hunk)
      answered.delete(key)
      if (on) next.add(key)
      else next.delete(key)
    }
    deciding.set(next)
    onChange()
  }

  function isShown({ suggestion, hunk }: HunkReference): boolean {
    return store.suggestion(suggestion)?.hunks.find((one) => one.id === hunk)?.state !== 'pending'
  }

  /** In pieces that one message may hold; what the first refusal leaves over is not sent. */
  async function sendAll(
    decision: Decision,
    hunks: readonly HunkReference[],
  ): Promise<Result<{ readonly places: readonly Place[] }>> {
    const places: Place[] = []
    for (let at = 0; at < hunks.length; at += MOST_AT_ONCE) {
      const result = await send(decision, hunks.slice(at, at + MOST_AT_ONCE))
      if (!result.ok) return result
      places.push(...result.value.places)
    }
    return { ok: true, value: { places } }
  }

  return {
    deciding,
    mark,

    async decide(decision, hunks) {
      if (hunks.length === 0) return null
      mark(hunks, true)
      const result = await sendAll(decision, hunks)
      if (!result.ok) {
        mark(hunks, false)
        return result.failure.code === 'cancelled' ? null : result.failure.message
      }
      const shown = hunks.filter(isShown)
      for (const one of hunks) if (!shown.includes(one)) answered.add(hunkKey(one.suggestion, one.hunk))
      if (shown.length > 0) mark(shown, false)
      return `${decision === 'accept' ? 'Accepted' : 'Rejected'} ${whereabouts(result.value.places)}`.trim()
    },

    settle(changed, removed) {
      const next = new Set(deciding.get())
      for (const key of deciding.get()) {
        const card = changed.find((one) => key.startsWith(`${one.id}/`))
        const gone = removed.some((id) => key.startsWith(`${id}/`))
        const hunk = card?.hunks.find((one) => hunkKey(card.id, one.id) === key)
        if (!gone && (card === undefined || (hunk?.state === 'pending' && !answered.has(key)))) continue
        next.delete(key)
        answered.delete(key)
      }
      if (next.size !== deciding.get().size) deciding.set(next)
    },
  }
}

/** The first three places, and how many more. */
export function whereabouts(places: readonly Place[]): string {
  const first = places.slice(0, 3).map(({ path, line }) => `${path}:${line}`)
  return places.length > 3 ? `${first.join(', ')} and ${places.length - 3} more` : first.join(', ')
}

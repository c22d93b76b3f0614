// What a person does to a hunk before deciding it: other lines, only some of its lines, a place of its own, or asked for once more.
import type { CallName, Calls, HunkReference, HunkView, Result } from '../preload/contract.ts'
import type { Stop } from '../preload/wire.ts'
import { hunksOfPicked } from './picking.ts'
import { diffRows } from './lines.ts'
import type { Store } from './store.ts'

export interface Reshaping {
  /** Other new lines for a pending hunk. True when the engine took them. */
  edit(hunk: HunkReference, lines: readonly string[]): Promise<boolean>
  /** The same, and accepts what then stands there if it says these lines. */
  acceptEdited(hunk: HunkReference, lines: readonly string[]): Promise<boolean>
  /** Parts the hunk and accepts the picked part; indices as in `split`. */
  acceptLines(hunk: HunkReference, picked: ReadonlySet<number>): Promise<boolean>
  place(hunk: HunkReference, line: number): Promise<boolean>
  /** Asks again for what a stale hunk was about. */
  askAgain(hunk: HunkReference): Promise<boolean>
}

interface Needs {
  readonly store: Store
  call<N extends CallName>(name: N, values: Calls[N]['arguments']): Promise<Result<Calls[N]['value']>>
  after(ms: number, run: () => void): Stop
  say(text: string): void
  take(suggestion: string, hunk: string): void
  accept(hunks: readonly HunkReference[]): Promise<void>
  nudge(suggestion: string, text: string): Promise<boolean>
  ask(text: string, place: string): Promise<boolean>
}

/** The engine answers a call before or after it shows the outcome; so long it may take, in ms. */
const SHOWN_MS = 3000
const AGAIN = 'the lines changed: redo this for what stands there now'

export function createReshaping(needs: Needs): Reshaping {
  const { store, say } = needs

  /** The hunk as the engine shows it, or null when it does not. */
  function shown(suggestion: string, hunk: string): Promise<HunkView | null> {
    const find = (): HunkView | null => store.suggestion(suggestion)?.hunks.find(({ id }) => id === hunk) ?? null
    const there = find()
    if (there !== null) return Promise.resolve(there)
    return new Promise((resolve) => {
      function settle(view: HunkView | null): void {
        stopTimer()
        stopListening()
        resolve(view)
      }
      const stopTimer = needs.after(SHOWN_MS, () => settle(null))
      const stopListening = store.subscribe(`suggestion:${suggestion}`, () => {
        const view = find()
        if (view !== null) settle(view)
      })
    })
  }

  /** Calls, and takes in hand the hunk that came of it; null after saying why there is none. */
  async function reshape(
    suggestion: string,
    call: () => Promise<Result<{ readonly hunk: string }>>,
  ): Promise<HunkView | null> {
    const result = await call()
    if (!result.ok) {
      say(result.failure.message)
      return null
    }
    const view = await shown(suggestion, result.value.hunk)
    if (view === null) say('The engine has not shown what came of it: look at the card.')
    else needs.take(suggestion, view.id)
    return view
  }

  const edit = (hunk: HunkReference, lines: readonly string[]): Promise<HunkView | null> =>
    reshape(hunk.suggestion, () => needs.call('edit', { hunk, lines }))

  function reference(suggestion: string, { id, hash }: HunkView): HunkReference {
    return { suggestion, hunk: id, hash }
  }

  return {
    edit: async (hunk, lines) => (await edit(hunk, lines)) !== null,

    async acceptEdited(hunk, lines) {
      const made = await edit(hunk, lines)
      if (made === null) return false
      // A decision hits what the person saw: these lines, and nothing that came between.
      if (made.state === 'pending' && diffRows(made.newLines, lines).every(({ type }) => type === 'same')) {
        await needs.accept([reference(hunk.suggestion, made)])
      } else say('The hunk changed meanwhile: look again.')
      return true
    },

    async acceptLines(hunk, picked) {
      const former = store.suggestion(hunk.suggestion)?.hunks ?? []
      const parted = former.find(({ id }) => id === hunk.hunk)
      if (parted === undefined) return false
      const made = await reshape(hunk.suggestion, () => needs.call('split', { hunk, picked: [...picked] }))
      if (made === null) return false
      const known = new Set(former.map(({ id }) => id))
      const fresh = store.suggestion(hunk.suggestion)?.hunks.filter(({ id }) => !known.has(id)) ?? []
      const chosen = hunksOfPicked(parted, picked, fresh)
      if (chosen === null || chosen.some(({ state }) => state !== 'pending')) {
        say('Parted, but not exactly as picked: look at the parts.')
        return true
      }
      await needs.accept(chosen.map((one) => reference(hunk.suggestion, one)))
      return true
    },

    place: async (hunk, line) => (await reshape(hunk.suggestion, () => needs.call('place', { hunk, line }))) !== null,

    async askAgain(hunk) {
      const suggestion = store.suggestion(hunk.suggestion)
      const view = suggestion?.hunks.find(({ id }) => id === hunk.hunk)
      if (!suggestion || view === undefined) return false
      if (['streaming', 'interrupted', 'ready'].includes(suggestion.state)) return needs.nudge(suggestion.id, AGAIN)
      const about = suggestion.words ?? suggestion.explanation
      return needs.ask(about === '' ? AGAIN : `${about} (${AGAIN})`, `${view.path}:${view.start}`)
    },
  }
}

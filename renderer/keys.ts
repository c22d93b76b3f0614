// What a key means and when it may run: bindings, and the guards against keys that were typed for another window.
import type { HunkReference } from '../preload/contract.ts'

// The rule "three or more bare keys within 400 ms are stray typing: nothing runs" has to hold for the first of the three, too.
// So every key that decides, writes, sends or reaches out of the window (a, f, A, r, u, U, c, d, y, v, w) is held back until 400 ms have passed
// without two more. Keys that only look or place the cursor run at once, so that moving feels direct, and Esc is never held, dead or counted: stopping must always work.
// The hunk a held key is about is the one that was painted when the key went down.

export type KeyAction =
  | 'accept'
  | 'acceptFile'
  | 'acceptCard'
  | 'reject'
  | 'undo'
  | 'redo'
  | 'edit'
  | 'pick'
  | 'copy'
  | 'open'
  | 'continue'
  | 'deeper'
  | 'interrupt'
  | 'leave'
  | 'next'
  | 'previous'
  | 'fold'
  | 'unfold'
  | 'reveal'
  | 'why'
  | 'nudge'
  | 'ask'
  | 'seen'
  | 'when'
  | 'conventions'
  | 'help'

export const DEAD_MS = 500
export const BURST_MS = 400
export const BURST_KEYS = 3
export const CHANGED_MS = 300

/** Every key with what it does, in the order in which Help lists them. */
export const BINDINGS: readonly {
  readonly keys: readonly string[]
  readonly action: KeyAction
  readonly does: string
}[] = [
  { keys: ['j'], action: 'next', does: 'next hunk' },
  { keys: ['k'], action: 'previous', does: 'previous hunk' },
  { keys: ['a'], action: 'accept', does: 'accept the hunk in focus and write it to disk' },
  { keys: ['f'], action: 'acceptFile', does: 'accept all of its file on this card' },
  { keys: ['A'], action: 'acceptCard', does: 'accept all of the card in focus' },
  { keys: ['r'], action: 'reject', does: 'reject the hunk in focus' },
  { keys: ['u'], action: 'undo', does: 'undo the last write, or take back a key just pressed' },
  { keys: ['U'], action: 'redo', does: 'write again what was undone last' },
  { keys: ['e'], action: 'edit', does: 'edit the hunk in focus before it is accepted' },
  { keys: ['s'], action: 'pick', does: 'pick some lines of the hunk in focus and accept just these' },
  { keys: ['y'], action: 'copy', does: 'copy the new lines of the hunk in focus' },
  { keys: ['v'], action: 'open', does: 'view the hunk in focus in your editor' },
  { keys: ['w'], action: 'why', does: 'ask why the hunk in focus; again: take the question back' },
  { keys: ['o', 'Enter'], action: 'fold', does: 'fold or unfold the hunk in focus' },
  {
    keys: ['Escape'],
    action: 'interrupt',
    does: 'stop the stream, twice within a second: all; leave a field, close a panel',
  },
  { keys: ['/'], action: 'nudge', does: 'nudge the suggestion in focus, or the one just stopped' },
  { keys: ['c'], action: 'continue', does: 'continue the suggestion in focus, or the one just stopped' },
  { keys: ['d'], action: 'deeper', does: 'hand the suggestion in focus to the deep model' },
  { keys: ['i'], action: 'ask', does: 'ask in words' },
  { keys: ['p'], action: 'seen', does: 'what it saw: everything that was sent for the suggestion in focus' },
  { keys: ['m'], action: 'when', does: 'when it asks, and mute' },
  { keys: ['t'], action: 'conventions', does: "the team's conventions, and rules that wait for your word" },
  { keys: ['?'], action: 'help', does: 'this list' },
]

const ACTIONS: ReadonlyMap<string, KeyAction> = new Map(
  BINDINGS.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)),
)
/** What is decided is what was painted in focus. */
const DECIDES: ReadonlySet<KeyAction> = new Set<KeyAction>(['accept', 'acceptFile', 'acceptCard', 'reject'])
const HELD: ReadonlySet<KeyAction> = new Set<KeyAction>([
  'accept',
  'acceptFile',
  'acceptCard',
  'reject',
  'undo',
  'redo',
  'copy',
  'open',
  'why',
  'continue',
  'deeper',
])

/** A key that waits until it is certain that it was not stray. */
export interface HeldKey {
  readonly action: KeyAction
  /** What was painted in focus when the key went down. */
  readonly target: HunkReference | null
  /** The card in focus then. */
  readonly suggestion: string | null
  readonly at: number
}

export function decides({ action }: HeldKey): boolean {
  return DECIDES.has(action)
}

export interface Keyboard {
  /** Times of the bare keys of the last 400 ms. */
  readonly presses: readonly number[]
  /** Until then everything belongs to stray typing that has been recognised. */
  readonly strayUntil: number
  readonly windowFocusedAt: number
  readonly held: readonly HeldKey[]
}

export interface KeyPress {
  readonly key: string
  /** Ctrl, Alt or Meta was down: not ours. */
  readonly modified: boolean
  readonly repeat: boolean
  readonly where: 'page' | 'button' | 'field'
  readonly at: number
  /** The hunk that is painted in focus, if it can be decided, and since when it has been as it is. */
  readonly target: HunkReference | null
  readonly targetChangedAt: number
  /** The target goes beyond what was asked and is folded: it is to be looked at before it can be accepted. */
  readonly targetClosed: boolean
  /** The row of the hunk in focus is on the screen: what cannot be seen is not decided. */
  readonly inSight: boolean
  /** The hunk in focus, whatever its state. */
  readonly inFocus: HunkReference | null
  readonly suggestion: string | null
}

export interface KeyOutcome {
  readonly keyboard: Keyboard
  /** Runs now. */
  readonly run: KeyAction | null
  /** Held keys that will not run. */
  readonly cancelled: readonly HeldKey[]
  /** Why nothing happened, for the line that says so. */
  readonly word: string | null
  /** The browser has nothing to do with this key any more. */
  readonly taken: boolean
}

export function createKeyboard(now: number): Keyboard {
  return { presses: [], strayUntil: -Infinity, windowFocusedAt: now, held: [] }
}

/** All times in ms of one monotonic clock. */
export function pressKey(keyboard: Keyboard, press: KeyPress): KeyOutcome {
  const outcome = { keyboard, run: null, cancelled: [], word: null, taken: false } satisfies KeyOutcome
  if (press.modified) return outcome
  if (press.key === 'Escape') {
    if (press.repeat) return outcome
    return { ...outcome, run: press.where === 'field' ? 'leave' : 'interrupt' }
  }
  const bare = press.key.length === 1 || press.key === 'Enter'
  if (press.where === 'field' || !bare) return outcome
  if (press.where === 'button' && (press.key === 'Enter' || press.key === ' ')) return outcome
  const action = ACTIONS.get(press.key) ?? null
  if (press.repeat) {
    const moves = action === 'next' || action === 'previous'
    return moves && press.at >= keyboard.strayUntil ? { ...outcome, run: action, taken: true } : outcome
  }

  const presses = [...keyboard.presses.filter((at) => press.at - at <= BURST_MS), press.at]
  const counted = { ...keyboard, presses }
  if (presses.length >= BURST_KEYS || press.at < keyboard.strayUntil) {
    return {
      keyboard: { ...counted, held: [], strayUntil: press.at + BURST_MS },
      run: null,
      cancelled: keyboard.held,
      word: keyboard.held.length > 0 || action !== null ? 'That looked like stray typing: nothing was done.' : null,
      taken: true,
    }
  }
  if (press.at - keyboard.windowFocusedAt < DEAD_MS) return { ...outcome, keyboard: counted }
  if (action === null) return { ...outcome, keyboard: counted }
  const verb = action === 'reject' ? 'reject' : 'accept'
  if (DECIDES.has(action) && press.target !== null && !press.inSight) {
    const word = `The hunk in focus was out of sight: here it is. Press ${press.key} again to ${verb} it.`
    return { ...outcome, keyboard: counted, run: 'reveal', word, taken: true }
  }
  // Looking is no decision: it need not be held.
  if (action === 'accept' && press.target !== null && press.targetClosed) {
    return { ...outcome, keyboard: counted, run: 'unfold', taken: true }
  }
  if (!HELD.has(action)) return { ...outcome, keyboard: counted, run: action, taken: true }

  const latest = keyboard.held.at(-1)
  if (action === 'undo' && latest !== undefined) {
    return {
      keyboard: { ...counted, held: keyboard.held.slice(0, -1) },
      run: null,
      cancelled: [latest],
      word: 'Taken back before anything was written.',
      taken: true,
    }
  }
  if (DECIDES.has(action)) {
    const word =
      press.target === null
        ? `Nothing in focus to ${verb}.`
        : press.at - press.targetChangedAt < CHANGED_MS
          ? 'The hunk in focus changed just now: look again.'
          : null
    if (word !== null) return { ...outcome, keyboard: counted, word, taken: true }
  }
  const looks = action === 'copy' || action === 'open' || action === 'why'
  if (looks && press.inFocus === null) {
    return {
      ...outcome,
      keyboard: counted,
      word: action === 'why' ? 'Nothing in focus to ask about.' : `Nothing in focus to ${action}.`,
      taken: true,
    }
  }
  const target = looks ? press.inFocus : press.target
  const held: HeldKey = { action, target, suggestion: press.suggestion, at: press.at }
  return { ...outcome, keyboard: { ...counted, held: [...keyboard.held, held] }, taken: true }
}

/** Takes out the held keys whose time has come; they run in the order in which they were pressed. */
export function dueKeys(
  keyboard: Keyboard,
  now: number,
): { readonly keyboard: Keyboard; readonly due: readonly HeldKey[] } {
  const due = keyboard.held.filter((held) => now - held.at > BURST_MS)
  if (due.length === 0) return { keyboard, due }
  return { keyboard: { ...keyboard, held: keyboard.held.filter((held) => !due.includes(held)) }, due }
}

export function focusKeyboard(keyboard: Keyboard, now: number): Keyboard {
  return { ...keyboard, windowFocusedAt: now }
}

// What follows a save, learnt per kind of file: a formatter's rewrite, or the next autosave. So one thought is asked about once.

/** What came after one save: nothing for a while, a rewrite that only formats, or the person's own next save. */
export interface Aftermath {
  readonly what: 'nothing' | 'formatted' | 'edited'
  /** ms from the save to it; 0 for nothing. */
  readonly gap: number
}

/** The last saves by kind of file, oldest first; plain data, so that it can be kept. */
export type SaveHabits = Readonly<Record<string, readonly Aftermath[]>>

/** Formatters that take longer are not waited for. */
export const FOLLOWS_MS = 3000
/** Saves that are remembered for each kind of file. */
const REMEMBERED = 5
/** How many of them make a habit. */
const FORMATTED = 2
const EDITED = 3
const LONGEST_WAIT_MS = 1500
/** Kinds of files that are remembered at most. */
const KINDS = 200

/** Files of one ending are formatted by one tool; a name without an ending stands for itself. */
export function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return name.slice(name.lastIndexOf('.') + 1)
}

/** A save that no other one of this file came right before. */
export function saved(habits: SaveHabits, path: string): SaveHabits {
  return remember(habits, kindOf(path), { what: 'nothing', gap: 0 }, 0)
}

/** What came `gap` ms after the last save of this kind of file; the first that comes counts. */
export function followed(habits: SaveHabits, path: string, what: 'formatted' | 'edited', gap: number): SaveHabits {
  const kind = kindOf(path)
  const last = Object.hasOwn(habits, kind) ? habits[kind]?.at(-1) : undefined
  if (last === undefined || last.what !== 'nothing' || gap > FOLLOWS_MS) return habits
  return remember(habits, kind, { what, gap }, 1)
}

/** ms that a save of this file waits for what will follow; 0 to 1,500, and 0 as long as there is no habit. */
export function waitFor(habits: SaveHabits, path: string): number {
  const kind = kindOf(path)
  const last = Object.hasOwn(habits, kind) ? (habits[kind] ?? []) : []
  const gaps = (what: Aftermath['what']): readonly number[] =>
    last.filter((aftermath) => aftermath.what === what).map(({ gap }) => gap)
  const formatted = gaps('formatted')
  const edited = gaps('edited')
  const format = formatted.length >= FORMATTED ? Math.max(...formatted) * 1.5 + 50 : 0
  const autosave = edited.length >= EDITED ? Math.max(...edited) * 1.2 : 0
  return Math.round(Math.min(LONGEST_WAIT_MS, Math.max(format, autosave)))
}

function remember(habits: SaveHabits, kind: string, aftermath: Aftermath, instead: 0 | 1): SaveHabits {
  const former = Object.hasOwn(habits, kind) ? (habits[kind] ?? []) : []
  const kept = instead === 1 ? former.slice(0, -1) : former
  const others = Object.entries(habits).filter(([name]) => name !== kind)
  return Object.fromEntries([...others.slice(1 - KINDS), [kind, [...kept, aftermath].slice(-REMEMBERED)]])
}

/** Checks what was kept by an earlier run. */
export function isSaveHabits(value: unknown): value is SaveHabits {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isList)
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isAftermath)
}

function isAftermath(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'what' in value &&
    (value.what === 'nothing' || value.what === 'formatted' || value.what === 'edited') &&
    'gap' in value &&
    typeof value.gap === 'number' &&
    value.gap >= 0
  )
}

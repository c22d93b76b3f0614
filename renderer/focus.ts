// The hunk in focus, who put the focus there, and where new cards may stand so that nothing moves under the eye.
import type { HunkReference, HunkState, HunkView, SuggestionView } from '../preload/contract.ts'
import { isClosed } from './beyond.ts'

/** A save within this time of the window gaining focus takes nothing out of the hand: editors save when they lose focus. */
export const HAND_OVER_MS = 1000

export interface Focus {
  /** `auto`: the newest suggestion's first pending hunk; `person`: stays where the person put it. */
  readonly source: 'auto' | 'person'
  readonly suggestion: string | null
  /** The hunk as it is painted; null when there is none. */
  readonly hunk: HunkReference | null
  /** Its state when last looked at: leaving `pending` moves the focus on. */
  readonly seen: HunkState | 'deciding' | null
  /** When the hunk in focus last became another one, or changed its hash. */
  readonly changedAt: number
  readonly folded: boolean
  /** The card that was stopped since the person last took one: the words that follow a stop are meant for it. */
  readonly stopped: string | null
  readonly windowFocused: boolean
  readonly windowFocusedAt: number
  readonly known: ReadonlySet<string>
  /** Cards that came while another was in hand, with the card beneath which they stand. */
  readonly below: ReadonlyMap<string, string>
}

/** What there is to focus on. */
export interface World {
  /** Newest first. */
  readonly suggestions: readonly SuggestionView[]
  /** Hunks whose decision is on its way, by `hunkKey`. */
  readonly deciding: ReadonlySet<string>
}

export function hunkKey(suggestion: string, hunk: string): string {
  return `${suggestion}/${hunk}`
}

export function createFocus(windowFocused: boolean, now: number): Focus {
  return {
    source: 'auto',
    suggestion: null,
    hunk: null,
    seen: null,
    changedAt: now,
    folded: false,
    stopped: null,
    windowFocused,
    windowFocusedAt: -Infinity,
    known: new Set(),
    below: new Map(),
  }
}

/** The order in which the cards stand on the screen: newest first, but what came while a card was in hand stands beneath it. */
export function visualOrder(ids: readonly string[], below: ReadonlyMap<string, string>): readonly string[] {
  if (below.size === 0) return ids
  const present = new Set(ids)
  const children = new Map<string, string[]>()
  const roots: string[] = []
  for (const id of ids) {
    const anchor = below.get(id)
    if (anchor === undefined || !present.has(anchor)) roots.push(id)
    else children.set(anchor, [...(children.get(anchor) ?? []), id])
  }
  const order: string[] = []
  const stack = roots.reverse()
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    order.push(id)
    stack.push(...(children.get(id) ?? []).reverse())
  }
  return order
}

/** The card that `/`, `c`, `d` and `p` are about; null when there is none. */
export function cardInFocus(focus: Focus, world: World): string | null {
  const stopped = world.suggestions.find((one) => one.id === focus.stopped)
  if (stopped !== undefined && isUnderWay(stopped)) return stopped.id
  if (focus.source === 'person' && focus.suggestion !== null) return focus.suggestion
  const alive = world.suggestions.filter((one) => isUnderWay(one) || firstPending(one, world) !== undefined)
  // The embedded engine takes no words: a card of a model comes first.
  const chosen = alive.find((one) => one.lane !== 'local') ?? alive[0] ?? world.suggestions[0]
  return chosen?.id ?? null
}

/** A person or an Esc has stopped this card. */
export function stop(focus: Focus, suggestion: string): Focus {
  return focus.stopped === suggestion ? focus : { ...focus, stopped: suggestion }
}

function isUnderWay({ state }: SuggestionView): boolean {
  return state === 'streaming' || state === 'waiting' || state === 'interrupted'
}

/**
 * After the suggestions or the decisions under way changed. `pointerOn` is the card with a button under the pointer, or null: what
 * is about to be clicked is in hand as well.
 */
export function observe(focus: Focus, world: World, now: number, pointerOn: string | null): Focus {
  const placed = placeNewcomers(focus, world, now, pointerOn)
  const held = placed.hunk === null ? null : find(world, placed.hunk.suggestion, placed.hunk.hunk)
  const current = held === null ? null : (replacement(placed, held, world) ?? held)
  const keeps = placed.source === 'person' || pointerOn !== null
  if (current !== null && keeps && (!isDecided(world, current) || !wasOpen(placed.seen))) {
    return settle(placed, current.suggestion.id, current, world, now)
  }
  const own = world.suggestions.find((one) => one.id === placed.suggestion)
  if (placed.source === 'person' && own !== undefined) {
    if (placed.hunk === null) {
      // A card was taken before it had a hunk: its first one is what the person waits for.
      const first = firstPending(own, world)
      return settle(placed, own.id, first === undefined ? null : { suggestion: own, hunk: first }, world, now)
    }
    const next = nextPending(placed, world)
    if (next !== null) return settle(placed, next.suggestion.id, next, world, now)
  }
  return settle({ ...placed, source: 'auto' }, null, newestPending(world), world, now)
}

/** The person puts the focus on a card, and on one of its hunks or (null) on the one that it has in focus, else its first pending. */
export function take(focus: Focus, world: World, suggestion: string, hunk: string | null, now: number): Focus {
  const card = world.suggestions.find((one) => one.id === suggestion)
  if (card === undefined) return focus
  const kept = hunk === null && focus.hunk?.suggestion === suggestion ? focus.hunk.hunk : hunk
  const view = kept === null ? firstPending(card, world) : card.hunks.find((one) => one.id === kept)
  const same = view !== undefined && focus.hunk?.suggestion === suggestion && focus.hunk.hunk === view.id
  const taken: Focus = { ...focus, source: 'person', folded: same && focus.folded, stopped: null }
  return settle(taken, suggestion, view === undefined ? null : { suggestion: card, hunk: view }, world, now)
}

/** To the next (1) or previous (-1) hunk that still needs the person, in the order of the screen; at the ends it takes the one in focus in hand. */
export function move(focus: Focus, world: World, by: 1 | -1, now: number): Focus {
  const stops = flatten(focus, world).filter(
    (one) =>
      isOpen(world, one) ||
      (one.hunk.state === 'stale' && !one.hunk.replaced) ||
      one.hunk.state === 'unplaced' ||
      isAt(focus, one),
  )
  const at = stops.findIndex((one) => isAt(focus, one))
  const to = stops[at < 0 ? 0 : at + by] ?? stops[at]
  return to === undefined ? focus : take(focus, world, to.suggestion.id, to.hunk.id, now)
}

export function toggleFold(focus: Focus): Focus {
  return focus.hunk === null ? focus : { ...focus, folded: !focus.folded }
}

export function focusWindow(focus: Focus, focused: boolean, now: number): Focus {
  if (focus.windowFocused === focused) return focus
  return { ...focus, windowFocused: focused, windowFocusedAt: focused ? now : focus.windowFocusedAt }
}

interface Spot {
  readonly suggestion: SuggestionView
  readonly hunk: HunkView
}

/** New cards stand beneath the one in hand; when nothing is in hand, they take the top, and the focus is free again. */
function placeNewcomers(focus: Focus, world: World, now: number, pointerOn: string | null): Focus {
  const newcomers = world.suggestions.filter((one) => !focus.known.has(one.id))
  if (newcomers.length === 0 && focus.known.size === world.suggestions.length) return focus
  const known = new Set(world.suggestions.map((one) => one.id))
  if (newcomers.length === 0) return { ...focus, known }
  const justFocused = now - focus.windowFocusedAt < HAND_OVER_MS
  const inHand = focus.windowFocused && focus.hunk !== null && (focus.source === 'person' || justFocused)
  const anchor = pointerOn ?? (inHand ? focus.suggestion : null)
  if (anchor === null || !focus.known.has(anchor)) return { ...focus, known, source: 'auto', below: new Map() }
  const below = new Map(focus.below)
  for (const one of newcomers) below.set(one.id, anchor)
  return { ...focus, known, source: inHand ? 'person' : focus.source, below }
}

function settle(focus: Focus, suggestion: string | null, spot: Spot | null, world: World, now: number): Focus {
  const hunk = spot === null ? null : { suggestion: spot.suggestion.id, hunk: spot.hunk.id, hash: spot.hunk.hash }
  const seen =
    spot === null ? null : world.deciding.has(hunkKey(spot.suggestion.id, spot.hunk.id)) ? 'deciding' : spot.hunk.state
  const card = suggestion ?? hunk?.suggestion ?? null
  const same = hunk?.suggestion === focus.hunk?.suggestion && hunk?.hunk === focus.hunk?.hunk
  const unchanged = same && hunk?.hash === focus.hunk?.hash
  if (unchanged && seen === focus.seen && card === focus.suggestion) return focus
  return {
    ...focus,
    suggestion: card,
    hunk: unchanged ? focus.hunk : hunk,
    seen,
    changedAt: unchanged ? focus.changedAt : now,
    folded: same && focus.folded,
  }
}

function find(world: World, suggestion: string, hunk: string): Spot | null {
  const card = world.suggestions.find((one) => one.id === suggestion)
  const view = card?.hunks.find((one) => one.id === hunk)
  return card === undefined || view === undefined ? null : { suggestion: card, hunk: view }
}

function isOpen(world: World, spot: Spot): boolean {
  return spot.hunk.state === 'pending' && !world.deciding.has(hunkKey(spot.suggestion.id, spot.hunk.id))
}

/** A hunk that became stale in hand stays there, with its reason. */
function isDecided(world: World, spot: Spot): boolean {
  const { state, id } = spot.hunk
  return state === 'accepted' || state === 'rejected' || world.deciding.has(hunkKey(spot.suggestion.id, id))
}

/** What a person has nudged for and what came of it, where that took the place of the hunk in hand: the hand goes along. */
function replacement({ seen }: Focus, { suggestion, hunk }: Spot, world: World): Spot | null {
  if (!hunk.replaced || !wasOpen(seen)) return null
  const fresh = suggestion.hunks
    .slice(suggestion.hunks.indexOf(hunk) + 1)
    .find(
      (one) =>
        isOpen(world, { suggestion, hunk: one }) &&
        one.path === hunk.path &&
        (one.start === hunk.start || (one.start < hunk.end && hunk.start < one.end)),
    )
  return fresh === undefined ? null : { suggestion, hunk: fresh }
}

function wasOpen(seen: Focus['seen']): boolean {
  return seen === 'pending' || seen === 'deciding'
}

function isAt(focus: Focus, spot: Spot): boolean {
  return focus.hunk?.suggestion === spot.suggestion.id && focus.hunk.hunk === spot.hunk.id
}

/** What was asked for comes before what goes beyond it. */
function firstPending(suggestion: SuggestionView, world: World): HunkView | undefined {
  const open = suggestion.hunks.filter((hunk) => isOpen(world, { suggestion, hunk }))
  return open.find((hunk) => !isClosed(hunk)) ?? open[0]
}

function newestPending(world: World): Spot | null {
  for (const suggestion of world.suggestions) {
    const hunk = firstPending(suggestion, world)
    if (hunk !== undefined) return { suggestion, hunk }
  }
  return null
}

function flatten(focus: Focus, world: World): readonly Spot[] {
  const byId = new Map(world.suggestions.map((one) => [one.id, one]))
  const order = visualOrder([...byId.keys()], focus.below)
  return order.flatMap((id) => {
    const suggestion = byId.get(id)
    return suggestion === undefined ? [] : suggestion.hunks.map((hunk) => ({ suggestion, hunk }))
  })
}

/** The next hunk to decide after the one in focus, else the nearest before it. */
function nextPending(focus: Focus, world: World): Spot | null {
  const spots = flatten(focus, world)
  const at = spots.findIndex((one) => isAt(focus, one))
  const after = spots.slice(at + 1).filter((one) => isOpen(world, one))
  const before = spots.slice(0, Math.max(0, at)).filter((one) => isOpen(world, one))
  const asked = (one: Spot): boolean => !isClosed(one.hunk)
  return after.find(asked) ?? before.findLast(asked) ?? after[0] ?? before.at(-1) ?? null
}

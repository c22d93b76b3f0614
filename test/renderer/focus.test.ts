// Where the focus is, who put it there, and that nothing moves under the eye.
import { describe, expect, it } from 'vitest'
import type { SuggestionView } from '../../preload/contract.ts'
import {
  cardInFocus,
  createFocus,
  focusWindow,
  hunkKey,
  move,
  observe,
  stop,
  take,
  toggleFold,
  visualOrder,
  type Focus,
  type World,
} from '../../renderer/focus.ts'
import { hunkView, suggestionView } from './views.ts'

function world(suggestions: readonly SuggestionView[], deciding: readonly string[] = []): World {
  return { suggestions, deciding: new Set(deciding) }
}

const older = suggestionView('older', 1, { hunks: [hunkView('o1'), hunkView('o2')] })
const newer = suggestionView('newer', 2, { hunks: [hunkView('n1')] })
const running = suggestionView('running', 3, { state: 'streaming' })

function start(suggestions: readonly SuggestionView[], windowFocused = true): Focus {
  return observe(createFocus(windowFocused, 0), world(suggestions), 0, null)
}

/** A focus that a person put on the first hunk of `older`, beside `suggestions`. */
function held(suggestions: readonly SuggestionView[] = [older]): Focus {
  return take(start(suggestions), world(suggestions), 'older', 'o1', 5000)
}

describe('the focus by itself', () => {
  it("is on the newest suggestion's first pending hunk", () => {
    expect(start([newer, older]).hunk).toEqual({ suggestion: 'newer', hunk: 'n1', hash: 'hash of n1' })
  })

  it('skips what is decided', () => {
    const decided = { ...newer, hunks: [hunkView('n1', { state: 'rejected' })] }
    expect(start([decided, older]).hunk?.hunk).toBe('o1')
  })

  it('goes to a newer suggestion when its first hunk comes', () => {
    const before = start([older])
    expect(observe(before, world([newer, older]), 5000, null).hunk?.hunk).toBe('n1')
  })

  it('stays while a button is under the pointer', () => {
    expect(observe(start([older]), world([newer, older]), 5000, 'older').hunk?.hunk).toBe('o1')
  })

  it('stays for a save in the second after the window gained focus, and keeps the hunk in hand from then on', () => {
    const focused = focusWindow(start([older], false), true, 5000)
    const saved = observe(focused, world([{ ...newer, hunks: [] }, older]), 5900, null)
    expect(observe(saved, world([newer, older]), 9000, null).hunk?.hunk).toBe('o1')
  })
})

describe('the focus in hand', () => {
  it('stays when something newer comes', () => {
    expect(observe(held(), world([newer, older]), 6000, null).hunk?.hunk).toBe('o1')
  })

  it('puts newcomers beneath the card in hand', () => {
    const focus = observe(held(), world([running, older]), 6000, null)
    expect(visualOrder(['running', 'older'], focus.below)).toEqual(['older', 'running'])
  })

  it('is free again for what comes while the window has no focus', () => {
    const away = focusWindow(held(), false, 6000)
    const focus = observe(away, world([newer, older]), 7000, null)
    expect(focus.hunk?.hunk).toBe('n1')
    expect(visualOrder(['newer', 'older'], focus.below)).toEqual(['newer', 'older'])
  })

  it('goes on to the next pending hunk after a decision, at once', () => {
    const focus = observe(held(), world([older], [hunkKey('older', 'o1')]), 6000, null)
    expect(focus.hunk?.hunk).toBe('o2')
  })

  it('goes to the nearest before it when nothing is left after it', () => {
    const at = take(held(), world([older]), 'older', 'o2', 5500)
    const decided = { ...older, hunks: [hunkView('o1'), hunkView('o2', { state: 'accepted' })] }
    expect(observe(at, world([decided]), 6000, null).hunk?.hunk).toBe('o1')
  })

  it('is on nothing when everything is decided', () => {
    const decided = { ...older, hunks: older.hunks.map((hunk) => ({ ...hunk, state: 'accepted' as const })) }
    expect(observe(held(), world([decided]), 6000, null)).toMatchObject({ hunk: null, source: 'auto' })
  })

  it('stays on a hunk that became stale, with its reason', () => {
    const stale = { ...older, hunks: [hunkView('o1', { state: 'stale', reason: 'changed' }), hunkView('o2')] }
    expect(observe(held(), world([stale]), 6000, null).hunk?.hunk).toBe('o1')
  })

  it('goes along with what took the place of its hunk, and counts that as a change', () => {
    const replaced = hunkView('o1', { state: 'stale', replaced: true, start: 5, end: 6 })
    const elsewhere = hunkView('o2', { start: 9, end: 10 })
    const fresh = hunkView('o3', { start: 5, end: 6 })
    const next = observe(held(), world([{ ...older, hunks: [replaced, elsewhere, fresh] }]), 6000, null)
    expect(next).toMatchObject({ hunk: { hunk: 'o3' }, source: 'person', changedAt: 6000 })
  })

  it('stays on a hunk that was replaced before the person came to it', () => {
    const replaced = hunkView('o1', { state: 'stale', replaced: true })
    const card = world([{ ...older, hunks: [replaced, hunkView('o3')] }])
    const taken = take(start([older]), card, 'older', 'o1', 5000)
    expect(observe(taken, card, 6000, null).hunk?.hunk).toBe('o1')
  })

  it('stays on a decided hunk that the person opened to look at', () => {
    const decided = { ...older, hunks: [hunkView('o1', { state: 'accepted' }), hunkView('o2')] }
    const looking = take(start([decided]), world([decided]), 'older', 'o1', 5000)
    expect(observe(looking, world([decided]), 6000, null).hunk?.hunk).toBe('o1')
  })

  it('takes the first hunk of a card that had none when it was taken', () => {
    const waiting = take(start([running, older]), world([running, older]), 'running', null, 5000)
    expect(waiting.hunk).toBeNull()
    const first = { ...running, hunks: [hunkView('r1')] }
    expect(observe(waiting, world([first, older]), 6000, null).hunk?.hunk).toBe('r1')
  })

  it('returns to itself when its card is gone', () => {
    expect(observe(held([newer, older]), world([newer]), 6000, null)).toMatchObject({
      source: 'auto',
      hunk: { hunk: 'n1' },
    })
  })
})

describe('when the hunk in focus changed', () => {
  it('remembers a new hash under the same hunk', () => {
    const changed = { ...older, hunks: [hunkView('o1', { hash: 'other' }), hunkView('o2')] }
    const focus = observe(held(), world([changed]), 7000, null)
    expect(focus).toMatchObject({ changedAt: 7000, hunk: { hash: 'other' } })
  })

  it('counts no change when nothing of it changed', () => {
    const focus = held()
    expect(observe(focus, world([older]), 7000, null)).toBe(focus)
  })
})

describe('moving', () => {
  it('follows the order of the screen across cards and stays at the ends', () => {
    const all = world([newer, older])
    let focus = start([newer, older])
    const path = [1, 1, 1, -1].map((by) => {
      focus = move(focus, all, by === 1 ? 1 : -1, 5000)
      return focus.hunk?.hunk
    })
    expect(path).toEqual(['o1', 'o2', 'o2', 'o1'])
  })

  it('takes the only hunk in hand: what comes then stands beneath it', () => {
    const alone = { ...newer, hunks: [hunkView('n1')] }
    const focus = move(start([alone]), world([alone]), 1, 5000)
    const later = observe(focus, world([{ ...running, hunks: [hunkView('r1')] }, alone]), 6000, null)
    expect(later.hunk?.hunk).toBe('n1')
    expect(visualOrder(['running', 'newer'], later.below)).toEqual(['newer', 'running'])
  })

  it('stops at stale hunks and passes decided ones', () => {
    const mixed = {
      ...older,
      hunks: [hunkView('o1'), hunkView('o2', { state: 'accepted' }), hunkView('o3', { state: 'stale' })],
    }
    expect(move(start([mixed]), world([mixed]), 1, 5000).hunk?.hunk).toBe('o3')
  })

  it('unfolds what it comes to', () => {
    const folded = toggleFold(start([newer, older]))
    expect(folded.folded).toBe(true)
    expect(move(folded, world([newer, older]), 1, 5000).folded).toBe(false)
  })
})

describe('the card in focus', () => {
  it('is the one in hand', () => {
    expect(cardInFocus(held([running, older]), world([running, older]))).toBe('older')
  })

  it('is the newest that runs or waits for a decision when nothing is in hand', () => {
    expect(cardInFocus(start([running, older]), world([running, older]))).toBe('running')
    const decided = suggestionView('decided', 4)
    expect(cardInFocus(start([decided, older]), world([decided, older]))).toBe('older')
  })
})

describe('words after a stop', () => {
  const stopped = { ...running, state: 'interrupted' as const }

  it('are for what was stopped, while the hand stays on its hunk', () => {
    const focus = stop(held([running, older]), 'running')
    expect(cardInFocus(focus, world([stopped, older]))).toBe('running')
    expect(focus.hunk?.hunk).toBe('o1')
  })

  it('are for the card in hand again once a person takes one, or the stopped one is over', () => {
    const focus = stop(held([running, older]), 'running')
    const all = world([stopped, older])
    expect(cardInFocus(take(focus, all, 'older', 'o2', 6000), all)).toBe('older')
    expect(cardInFocus(focus, world([{ ...running, state: 'superseded' }, older]))).toBe('older')
  })

  it('are for a model rather than for the embedded engine, which takes none', () => {
    const local = { ...newer, lane: 'local' as const }
    expect(cardInFocus(start([local, older]), world([local, older]))).toBe('older')
    expect(cardInFocus(start([local]), world([local]))).toBe('newer')
  })
})

describe('the order on the screen', () => {
  it('puts the newest newcomer right beneath its card, however they are nested', () => {
    const below = new Map([
      ['c', 'a'],
      ['d', 'a'],
      ['e', 'd'],
    ])
    expect(visualOrder(['e', 'd', 'c', 'b', 'a'], below)).toEqual(['b', 'a', 'd', 'e', 'c'])
  })

  it('loses no card whose anchor is gone', () => {
    expect(visualOrder(['c', 'b'], new Map([['c', 'gone']]))).toEqual(['c', 'b'])
  })
})

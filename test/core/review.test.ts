// The reducer of suggestions and hunks: the transitions that product.md names, and no others.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeHunk } from '../fakes/hunk.ts'
import { EMPTY_TRACE, OVERWRITTEN, isRunning, reduce } from '../../main/core/review.ts'
import type { Hunk, Suggestion, SuggestionEvent } from '../../main/core/review.ts'

const hunk = (id: string, change: Partial<Hunk> = {}): Hunk => makeHunk({ id, ...change })

function suggestion(change: Partial<Suggestion> = {}): Suggestion {
  return {
    id: 's',
    state: 'waiting',
    lane: 'fast',
    origin: 'save',
    path: 'a.ts',
    start: 1,
    end: 2,
    words: null,
    nudges: [],
    model: 'm',
    prose: [],
    notes: [],
    waitingFor: null,
    thinkingMs: null,
    failure: null,
    incompleteHunk: false,
    queued: [],
    returned: [],
    usage: null,
    hunks: [],
    trace: EMPTY_TRACE,
    createdAt: 0,
    ...change,
  }
}

function run(start: Suggestion, ...events: SuggestionEvent[]): Suggestion {
  return events.reduce(reduce, start)
}

const FAILED: SuggestionEvent = { type: 'failed', failure: { code: 'x', message: 'x' }, at: 3 }
const HUNKS: SuggestionEvent = { type: 'hunks', hunks: [hunk('h')], replaced: [], at: 2 }

describe('a suggestion', () => {
  test.each<[string, SuggestionEvent[], string]>([
    ['streams at its first text', [{ type: 'firstText', at: 1 }], 'streaming'],
    ['is ready when done with hunks', [HUNKS, { type: 'done', at: 2, note: null }], 'ready'],
    ['is empty when a save brought no hunk', [{ type: 'done', at: 2, note: null }], 'empty'],
    ['can be interrupted while it waits', [{ type: 'interrupted', at: 1 }], 'interrupted'],
    ['can be superseded', [{ type: 'superseded', at: 1 }], 'superseded'],
    ['can fail', [FAILED], 'failed'],
    [
      'goes on from interrupted by a nudge',
      [
        { type: 'interrupted', at: 1 },
        { type: 'resumed', nudges: ['x'], at: 1 },
      ],
      'streaming',
    ],
    ['goes on from failed by a retry', [FAILED, { type: 'resumed', nudges: [], at: 1 }], 'streaming'],
    [
      'stays interrupted when a late done comes',
      [
        { type: 'interrupted', at: 1 },
        { type: 'done', at: 2, note: null },
      ],
      'interrupted',
    ],
    [
      'stays superseded for good',
      [
        { type: 'superseded', at: 1 },
        { type: 'resumed', nudges: ['x'], at: 1 },
      ],
      'superseded',
    ],
    ['does not fail after it is done', [HUNKS, { type: 'done', at: 2, note: null }, FAILED], 'ready'],
  ])('%s', (_, events, state) => {
    expect(run(suggestion(), ...events).state).toBe(state)
  })

  test('an answer in words alone to a question is ready', () => {
    const asked = suggestion({ origin: 'ask' })
    expect(run(asked, { type: 'explained', line: 'Yes.' }, { type: 'done', at: 2, note: null }).state).toBe('ready')
  })

  test('complete hunks of an interrupted reply stay usable, also when they are placed after the interrupt', () => {
    const stopped = run(suggestion(), { type: 'interrupted', at: 1 }, HUNKS)
    expect(stopped).toMatchObject({ state: 'interrupted', hunks: [{ state: 'pending' }] })
  })

  test('nudges are kept in their order', () => {
    const nudged = run(
      suggestion(),
      { type: 'interrupted', at: 1 },
      { type: 'resumed', nudges: ['one'], at: 1 },
      { type: 'interrupted', at: 2 },
      { type: 'resumed', nudges: ['two'], at: 2 },
    )
    expect(nudged.nudges).toEqual(['one', 'two'])
  })
})

describe('a hunk', () => {
  const start = suggestion({ state: 'ready', hunks: [hunk('h'), hunk('other')] })
  const accepted: SuggestionEvent = { type: 'accepted', hunks: ['h'], apply: 'a1', at: 1, durable: 2 }

  test('is accepted, and pending again after the undo of its own apply alone', () => {
    const done = run(start, accepted)
    expect(done.hunks.map(({ state }) => state)).toEqual(['accepted', 'pending'])
    expect(run(done, { type: 'undone', apply: 'a2' }).hunks[0]?.state).toBe('accepted')
    expect(run(done, { type: 'undone', apply: 'a1' }).hunks[0]).toMatchObject({ state: 'pending', apply: null })
  })

  test('a rejected one is never accepted, an accepted one never rejected', () => {
    const rejected = run(start, { type: 'rejected', hunks: ['h'] })
    expect(run(rejected, accepted).hunks[0]?.state).toBe('rejected')
    expect(run(start, accepted, { type: 'rejected', hunks: ['h'] }).hunks[0]?.state).toBe('accepted')
  })

  test('a stale one comes back with its content, and what was decided does not move', () => {
    const back: SuggestionEvent = {
      type: 'moved',
      standings: [{ hunk: 'h', state: 'pending', current: { start: 5, end: 6, lines: ['x'] }, before: [], after: [] }],
    }
    const stale: SuggestionEvent = {
      type: 'moved',
      standings: [{ hunk: 'h', state: 'stale', reason: 'changed', yours: ['mine'] }],
    }
    expect(run(start, stale).hunks[0]).toMatchObject({ state: 'stale', reason: 'changed', current: null })
    expect(run(start, stale, back).hunks[0]).toMatchObject({ state: 'pending', reason: null, current: { start: 5 } })
    expect(run(start, accepted, stale).hunks[0]?.state).toBe('accepted')
  })

  test('one that was replaced never comes back by itself', () => {
    const replaced = run(start, { type: 'hunks', hunks: [hunk('new')], replaced: ['h'], at: 1 })
    const back = run(replaced, {
      type: 'moved',
      standings: [{ hunk: 'h', state: 'pending', current: { start: 1, end: 2, lines: [] }, before: [], after: [] }],
    })
    expect(back.hunks.map(({ state }) => state)).toEqual(['stale', 'pending', 'pending'])
  })

  test('an accepted one is not replaced', () => {
    const replaced = run(start, accepted, { type: 'hunks', hunks: [], replaced: ['h'], at: 1 })
    expect(replaced.hunks[0]?.state).toBe('accepted')
  })

  test('one that the editor overwrote says so until it is decided', () => {
    const over = run(start, accepted, { type: 'overwritten', hunks: ['h'] })
    expect(over.hunks[0]).toMatchObject({ state: 'pending', reason: OVERWRITTEN })
    expect(run(over, accepted).hunks[0]?.reason).toBeNull()
  })
})

test('whatever happens, an accepted hunk is left only by undo or an overwriting editor, and an ended suggestion only by a nudge or retry', () => {
  const event = fc.oneof<fc.Arbitrary<SuggestionEvent>[]>(
    fc.constant({ type: 'firstText', at: 1 }),
    fc.constant(HUNKS),
    fc.constant({ type: 'hunks', hunks: [], replaced: ['h'], at: 1 }),
    fc.constant({ type: 'done', at: 1, note: null }),
    fc.constant({ type: 'interrupted', at: 1 }),
    fc.constant({ type: 'superseded', at: 1 }),
    fc.constant(FAILED),
    fc.constant({ type: 'resumed', nudges: [], at: 1 }),
    fc.constant({ type: 'accepted', hunks: ['h'], apply: 'a', at: 1, durable: 1 }),
    fc.constant({ type: 'rejected', hunks: ['h'] }),
    fc.constant({ type: 'undone', apply: 'a' }),
    fc.constant({ type: 'overwritten', hunks: ['h'] }),
    fc.constant({ type: 'remarked', hunk: 'h', remark: 'confirmed by x' }),
    fc.constant({ type: 'moved', standings: [{ hunk: 'h', state: 'stale', reason: 'r', yours: null }] }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      let now = suggestion()
      for (const happening of events) {
        const next = reduce(now, happening)
        const was = now.hunks[0]?.state
        const leaves = happening.type === 'undone' || happening.type === 'overwritten'
        if (was === 'accepted' && next.hunks[0]?.state !== 'accepted') expect(leaves).toBe(true)
        if (!isRunning(now) && isRunning(next)) expect(happening.type).toBe('resumed')
        now = next
      }
    }),
  )
})

// Reshaping a hunk: what is sent, and what is accepted of what came of it; with an engine whose pictures the test holds.
import { describe, expect, it } from 'vitest'
import type { CallName, Calls, Failure, HunkReference, HunkView, Result } from '../../preload/contract.ts'
import { createReshaping } from '../../renderer/reshaping.ts'
import { createStore } from '../../renderer/store.ts'
import { batch, hunkView, suggestionView } from './views.ts'

const REFERENCE: HunkReference = { suggestion: 's', hunk: 'h', hash: 'hash of h' }
const HUNK = hunkView('h', { oldLines: ['a'], newLines: ['x', 'y'] })

/** A desk with one hunk; calls are answered with `made`, or refused. */
function open(made = 'new', refusal: Failure | null = null) {
  const store = createStore()
  const sent: { readonly name: CallName; readonly values: unknown }[] = []
  const said: string[] = []
  const taken: string[] = []
  const accepted: (readonly HunkReference[])[] = []
  const asked: string[] = []
  const timers: (() => void)[] = []
  const values: { readonly [N in CallName]?: Calls[N]['value'] } = {
    edit: { hunk: made },
    split: { hunk: made },
    place: { hunk: made },
  }
  const show = (hunks: readonly HunkView[], changes: Parameters<typeof suggestionView>[2] = {}): void =>
    store.apply(batch({ suggestions: [suggestionView('s', 1, { ...changes, hunks })] }), 0)
  show([HUNK])
  const reshaping = createReshaping({
    store,
    call<N extends CallName>(name: N, given: Calls[N]['arguments']): Promise<Result<Calls[N]['value']>> {
      sent.push({ name, values: given })
      const value = values[name]
      if (refusal !== null) return Promise.resolve({ ok: false, failure: refusal })
      if (value === undefined) throw new Error(`${name} is not expected`)
      return Promise.resolve({ ok: true, value })
    },
    after(_ms, run) {
      timers.push(run)
      return () => timers.splice(timers.indexOf(run), 1)
    },
    say: (text) => said.push(text),
    take: (_suggestion, hunk) => taken.push(hunk),
    accept: (hunks) => {
      accepted.push(hunks)
      return Promise.resolve()
    },
    nudge: (_suggestion, text) => {
      asked.push(`nudge: ${text}`)
      return Promise.resolve(true)
    },
    ask: (text, place) => {
      asked.push(`ask: ${text} at ${place}`)
      return Promise.resolve(true)
    },
  })
  return { reshaping, show, sent, said, taken, accepted, asked, timers }
}

describe('editing', () => {
  it('carries the hash of what was painted, and takes in hand what came of it', async () => {
    const desk = open()
    const done = desk.reshaping.edit(REFERENCE, ['z'])
    await Promise.resolve()
    desk.show([hunkView('new', { newLines: ['z'] })])
    expect(await done).toBe(true)
    expect(desk.sent).toEqual([{ name: 'edit', values: { hunk: REFERENCE, lines: ['z'] } }])
    expect(desk.taken).toEqual(['new'])
    expect(desk.accepted).toEqual([])
  })

  it('says why it was refused, and keeps what was typed', async () => {
    const desk = open('new', { code: 'changed', message: 'that hunk changed' })
    expect(await desk.reshaping.edit(REFERENCE, ['z'])).toBe(false)
    expect(desk.said).toEqual(['that hunk changed'])
  })

  it('accepts with the hash that the engine shows, also when the picture came before the answer', async () => {
    const desk = open()
    desk.show([hunkView('new', { newLines: ['z'], hash: 'fresh' })])
    expect(await desk.reshaping.acceptEdited(REFERENCE, ['z'])).toBe(true)
    expect(desk.accepted).toEqual([[{ suggestion: 's', hunk: 'new', hash: 'fresh' }]])
  })

  it('accepts nothing that says other lines, or that is not to be decided', async () => {
    for (const changes of [{ newLines: ['other'] }, { newLines: ['z'], state: 'stale' }] as const) {
      const desk = open()
      desk.show([hunkView('new', changes)])
      await desk.reshaping.acceptEdited(REFERENCE, ['z'])
      expect(desk.accepted).toEqual([])
      expect(desk.said).toEqual(['The hunk changed meanwhile: look again.'])
    }
  })

  it('gives up when the engine does not show what came of it', async () => {
    const desk = open()
    const done = desk.reshaping.edit(REFERENCE, ['z'])
    await new Promise((resolve) => setImmediate(resolve))
    desk.timers[0]?.()
    expect(await done).toBe(false)
    expect(desk.said).toHaveLength(1)
  })
})

describe('accepting some lines', () => {
  it('parts the hunk and accepts only the picked part', async () => {
    const desk = open('part')
    const done = desk.reshaping.acceptLines(REFERENCE, new Set([0, 1]))
    await Promise.resolve()
    desk.show([
      hunkView('part', { oldLines: ['a'], newLines: ['x'] }),
      hunkView('rest', { oldLines: [], newLines: ['y'] }),
    ])
    expect(await done).toBe(true)
    expect(desk.sent).toEqual([{ name: 'split', values: { hunk: REFERENCE, picked: [0, 1] } }])
    expect(desk.accepted).toEqual([[{ suggestion: 's', hunk: 'part', hash: 'hash of part' }]])
  })

  it('accepts nothing when the parts are not what was picked', async () => {
    const desk = open('part')
    const done = desk.reshaping.acceptLines(REFERENCE, new Set([0, 1]))
    await Promise.resolve()
    desk.show([
      hunkView('part', { oldLines: ['a'], newLines: ['y'] }),
      hunkView('rest', { oldLines: [], newLines: ['x'] }),
    ])
    expect(await done).toBe(true)
    expect(desk.accepted).toEqual([])
    expect(desk.said).toEqual(['Parted, but not exactly as picked: look at the parts.'])
  })
})

describe('placing', () => {
  it('puts an unplaced hunk at the line that a person picked', async () => {
    const desk = open()
    desk.show([hunkView('h', { state: 'unplaced' }), hunkView('new')])
    expect(await desk.reshaping.place(REFERENCE, 7)).toBe(true)
    expect(desk.sent).toEqual([{ name: 'place', values: { hunk: REFERENCE, line: 7 } }])
  })
})

describe('asking again', () => {
  it('nudges a suggestion that can be steered', async () => {
    const desk = open()
    await desk.reshaping.askAgain(REFERENCE)
    expect(desk.asked).toEqual(['nudge: the lines changed: redo this for what stands there now'])
  })

  it('asks anew, at its place, where the suggestion cannot be steered', async () => {
    const desk = open()
    desk.show([HUNK], { state: 'superseded', words: 'add a guard' })
    await desk.reshaping.askAgain(REFERENCE)
    expect(desk.asked).toEqual([
      'ask: add a guard (the lines changed: redo this for what stands there now) at src/total.ts:2',
    ])
  })
})

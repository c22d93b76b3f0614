// The guard: what it lets through, what it refuses, and that a refusal says what is wrong in one line without repeating it.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Calls } from '../../preload/contract.ts'
import { checkFrame } from '../../main/host/guard.ts'

const reference = { suggestion: 's', hunk: 'h', hash: 'x' }
const settings: Calls['configure']['arguments']['settings'] = {
  provider: 'auto',
  baseUrl: '',
  model: '',
  deepModel: '',
  excludes: ['*.log'],
  maxFileBytes: 1_000_000,
  hourlyTokens: 0,
  editor: '',
}

/** One sound call of every name; the type makes sure that none is missing. */
const sound: { readonly [N in keyof Calls]: Calls[N]['arguments'] } = {
  accept: { hunks: [reference] },
  reject: { hunks: [reference] },
  interrupt: { suggestion: null },
  nudge: { suggestion: 's', text: 'use a Map' },
  continue: { suggestion: null },
  retry: { suggestion: 's' },
  deeper: { suggestion: 's' },
  dismiss: { suggestion: 's' },
  ask: { text: 'add a test', place: 'src/a.ts:3' },
  seen: { suggestion: 's' },
  preview: { text: 'x', place: null },
  undo: {},
  takeBack: { apply: 'a' },
  redo: { apply: null },
  edit: { hunk: reference, lines: ['x'] },
  split: { hunk: reference, picked: [0] },
  place: { hunk: reference, line: 3 },
  unfold: { hunk: reference },
  why: { hunk: reference },
  conventions: {},
  conventionDecide: { key: 'k', decision: 'approve', words: null },
  open: { path: 'src/a.ts', line: 3 },
  decide: { id: null, decision: 'accept' },
  status: {},
  hand: { hunk: reference, suggestion: 's', focused: true },
  painted: { suggestion: 's', lag: 2.5 },
  settings: {},
  configure: { settings },
  key: { key: 'a key' },
  consent: { endpoint: 'https://api.openai.com', allow: true },
  pause: { paused: true },
  trigger: { trigger: 'pause', pauseMs: 2000 },
  mute: { mute: { kind: 'folder', name: 'src', until: null } },
  unmute: { mute: { kind: 'folder', name: 'src' } },
  resetWait: {},
  desktop: {},
  desktopConfigure: {
    preferences: {
      side: 'left',
      alwaysOnTop: true,
      compact: false,
      notifications: true,
      updates: 'off',
      hotkeys: { interrupt: 'Control+Alt+I', toggle: '' },
    },
  },
  desktopKey: { key: 'a key' },
}

function call(name: string, values: unknown): unknown {
  return { type: 'call', id: 1, name, arguments: values }
}

describe('guard', () => {
  test.each(Object.entries(sound))('a sound `%s` passes as it is', (name, values) => {
    expect(checkFrame(call(name, values))).toEqual({ ok: true, value: call(name, values) })
  })

  test.each(Object.entries(sound))('an unknown field in `%s` is refused', (name, values) => {
    expect(checkFrame(call(name, { ...values, extra: 1 }))).toMatchObject({ ok: false, failure: { code: 'malformed' } })
  })

  test.each(Object.entries(sound).filter(([, values]) => Object.keys(values).length > 0))(
    'a missing field in `%s` is refused',
    (name, values) => {
      const [first = ''] = Object.keys(values)
      const rest = Object.fromEntries(Object.entries(values).filter(([key]) => key !== first))
      expect(checkFrame(call(name, rest))).toMatchObject({ ok: false, failure: { code: 'malformed' } })
    },
  )

  test.each([
    { type: 'open', id: 2, name: 'events', arguments: {}, credit: 8 },
    { type: 'credit', id: 2, credit: 4 },
    { type: 'cancel', id: 2 },
  ])('a sound $type frame passes', (frame) => {
    expect(checkFrame(frame)).toEqual({ ok: true, value: frame })
  })

  test.each([
    ['a text over 20,000 characters', call('nudge', { suggestion: null, text: 'x'.repeat(20_001) })],
    ['an empty text', call('ask', { text: ' \n', place: null })],
    ['no hunk at all', call('accept', { hunks: [] })],
    ['too many hunks', call('accept', { hunks: Array.from({ length: 1_001 }, () => reference) })],
    ['a lag that is no number', call('painted', { suggestion: 's', lag: Number.NaN })],
    ['a decision that does not exist', call('decide', { id: null, decision: 'maybe' })],
    ['a file size of zero', call('configure', { settings: { ...settings, maxFileBytes: 0 } })],
    ['arguments that are no object', call('undo', null)],
    ['an id of zero', { type: 'cancel', id: 0 }],
    ['an id that is no whole number', { type: 'cancel', id: 1.5 }],
    ['credit without end', { type: 'credit', id: 1, credit: Number.POSITIVE_INFINITY }],
    ['credit backwards', { type: 'credit', id: 1, credit: -1 }],
    ['a frame of the engine', { type: 'answer', id: 1, name: 'undo', result: { ok: true, value: { places: [] } } }],
  ])('%s is refused', (_what, frame) => {
    expect(checkFrame(frame)).toMatchObject({ ok: false, failure: { code: 'malformed' } })
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'nothing'])('there is no call `%s`', (name) => {
    expect(checkFrame(call(name, {}))).toMatchObject({ ok: false, failure: { code: 'unknown' } })
  })

  test('a refusal does not repeat a key that was sent', () => {
    const refused = checkFrame(call('key', { key: 7, 'sk-secret': 'sk-secret' }))
    expect(refused.ok).toBe(false)
    expect(JSON.stringify(refused)).not.toContain('sk-secret')
  })

  test('whatever comes in, the answer is a verdict, in one line', () => {
    fc.assert(
      fc.property(fc.anything(), (frame) => {
        const verdict = checkFrame(frame)
        expect(verdict.ok || /^[^\n]+$/.test(verdict.failure.message)).toBe(true)
      }),
    )
  })
})

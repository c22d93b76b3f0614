// What goes beyond what was asked, in the window: left out of "all", passed over by the focus, unfolded before it is accepted.
import { describe, expect, test } from 'vitest'
import { acceptable, closedIn, leftOutLine } from '../../renderer/beyond.ts'
import { createFocus, observe } from '../../renderer/focus.ts'
import { createKeyboard, pressKey } from '../../renderer/keys.ts'
import { hunkView, suggestionView } from './views.ts'

const CLOSED = { kind: 'place', why: 'another place', open: false } as const
const closed = hunkView('a', { beyond: CLOSED })
const open = hunkView('b', { beyond: { ...CLOSED, open: true } })
const asked = hunkView('c')

test('accept all is about what can be accepted as it stands', () => {
  const references = [closed, open, asked].map(({ id, hash }) => ({ suggestion: 's', hunk: id, hash }))
  expect(acceptable([closed, open, asked], references).map(({ hunk }) => hunk)).toEqual(['b', 'c'])
})

test('what stays behind is counted and said', () => {
  const rejected = hunkView('d', { beyond: CLOSED, state: 'rejected' })
  expect(closedIn([suggestionView('s', 1, { hunks: [closed, open, asked, rejected] })])).toEqual([closed])
  expect(leftOutLine([])).toBeNull()
  expect(leftOutLine([closed])).toBe('1 goes beyond what you asked: it stays')
  expect(leftOutLine([closed, closed])).toBe('2 go beyond what you asked: they stay')
  const text = hunkView('e', { beyond: { kind: 'text', why: 'a comment', open: false } })
  expect(leftOutLine([text])).toBe('1 in a string or comment stays')
  expect(leftOutLine([text, text])).toBe('2 in strings and comments stay')
  expect(leftOutLine([text, closed])).toBe('2 go beyond what you asked: they stay')
})

test('the focus goes to what was asked first', () => {
  const suggestions = [suggestionView('s', 1, { hunks: [closed, asked] })]
  const focus = observe(createFocus(true, 0), { suggestions, deciding: new Set() }, 1, null)
  expect(focus.hunk?.hunk).toBe('c')
})

test('and to what goes beyond it when there is nothing else', () => {
  const suggestions = [suggestionView('s', 1, { hunks: [closed] })]
  const focus = observe(createFocus(true, 0), { suggestions, deciding: new Set() }, 1, null)
  expect(focus.hunk?.hunk).toBe('a')
})

describe('the key that accepts', () => {
  const press = (targetClosed: boolean) => {
    const target = { suggestion: 's', hunk: 'a', hash: 'x' }
    return pressKey(createKeyboard(-10_000), {
      key: 'a',
      modified: false,
      repeat: false,
      where: 'page',
      at: 1000,
      target,
      targetChangedAt: 0,
      targetClosed,
      inSight: true,
      inFocus: target,
      suggestion: 's',
    })
  }

  test('unfolds what goes beyond, at once, and accepts nothing', () => {
    expect(press(true)).toMatchObject({ run: 'unfold', keyboard: { held: [] } })
  })

  test('accepts what was asked', () => {
    expect(press(false)).toMatchObject({ run: null, keyboard: { held: [{ action: 'accept' }] } })
  })
})

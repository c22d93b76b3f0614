// How close suggestions keep to what was asked: what is counted, and what is forgotten.
import { expect, test } from 'vitest'
import { makeHunk } from '../../fakes/hunk.ts'
import { Measures } from '../../../main/core/session/measures.ts'
import { EMPTY_TRACE, type Hunk, type Suggestion } from '../../../main/core/review.ts'
import { suggestionView } from '../../renderer/views.ts'

function hunk(lines: readonly string[], beyond: Hunk['beyond'] = null): Hunk {
  return makeHunk({ edit: { start: 1, end: 2, lines }, oldLines: ['old', 'stays'], beyond })
}

function suggestion(hunks: readonly Hunk[]): Suggestion {
  const { explanation: _short, explanationRest: _rest, ...view } = suggestionView('s', 1)
  return { ...view, trace: EMPTY_TRACE, prose: [], hunks }
}

test('a line that stays is no changed line', () => {
  const measures = new Measures()
  measures.add(suggestion([hunk(['new', 'stays'])]), 4, 0)
  expect(measures.view()).toEqual({ suggestions: 1, ratio: 2, folded: 0, suppressed: 0 })
})

test('what is folded counts as folded, and is no line that is shown', () => {
  const measures = new Measures()
  measures.add(suggestion([hunk(['new'], { kind: 'place', why: '', open: false })]), 4, 3)
  expect(measures.view()).toEqual({ suggestions: 1, ratio: null, folded: 1, suppressed: 3 })
})

test('only the last hundred count', () => {
  const measures = new Measures()
  for (let count = 0; count < 150; count += 1)
    measures.add(suggestion([hunk(['new', 'stays'])]), count < 75 ? 20 : 2, 0)
  expect(measures.view()).toMatchObject({ suggestions: 100, ratio: 1 })
})

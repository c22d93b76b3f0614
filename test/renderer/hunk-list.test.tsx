// Tests of how a card's hunks are grouped by file.
import { expect, it } from 'vitest'
import { byFile, wholeOf } from '../../renderer/groups.ts'
import { hunkView, suggestionView } from './views.ts'

it('groups neighbours in one file and keeps the order, which is that of the keys', () => {
  const hunks = ['a', 'a', 'b', 'a'].map((path, at) => hunkView(`h${at}`, { path }))
  expect(byFile(hunks).map((group) => group.map(({ id }) => id))).toEqual([['h0', 'h1'], ['h2'], ['h3']])
  expect(byFile([])).toEqual([])
})

const TEXT = { kind: 'text', why: 'a comment', open: false } as const

it('keeps strings and comments of a file apart from its code', () => {
  const hunks = [hunkView('code'), hunkView('comment', { beyond: TEXT }), hunkView('string', { beyond: TEXT })]
  expect(byFile(hunks).map((group) => group.map(({ id }) => id))).toEqual([['code'], ['comment', 'string']])
})

it('means by a whole file or card what can be accepted as it stands', () => {
  const hunks = [
    hunkView('a1', { path: 'a' }),
    hunkView('a2', { path: 'a', state: 'rejected' }),
    hunkView('a3', { path: 'a' }),
    hunkView('b1', { path: 'b' }),
    hunkView('a4', { path: 'a', beyond: TEXT }),
    hunkView('a5', { path: 'a', beyond: { ...TEXT, open: true } }),
  ]
  const view = suggestionView('s', 1, { hunks })
  const ids = (hunk: string, what: 'file' | 'card'): readonly string[] =>
    wholeOf(view, hunk, what).map(({ hunk: id }) => id)
  expect(ids('a1', 'file')).toEqual(['a1', 'a3'])
  expect(ids('b1', 'file')).toEqual(['b1'])
  expect(ids('a4', 'file')).toEqual(['a5'])
  expect(ids('a1', 'card')).toEqual(['a1', 'a3', 'b1', 'a5'])
})

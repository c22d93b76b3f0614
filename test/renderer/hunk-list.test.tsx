// Tests of how a card's hunks are grouped by file.
import { expect, it } from 'vitest'
import { byFile } from '../../renderer/HunkList.tsx'
import { hunkView } from './views.ts'

it('groups neighbours in one file and keeps the order, which is that of the keys', () => {
  const hunks = ['a', 'a', 'b', 'a'].map((path, at) => hunkView(`h${at}`, { path }))
  expect(byFile(hunks).map((group) => group.map(({ id }) => id))).toEqual([['h0', 'h1'], ['h2'], ['h3']])
  expect(byFile([])).toEqual([])
})

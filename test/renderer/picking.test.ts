// Which lines can be picked, and which hunks they became.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pickedLines } from '../../main/core/session/editing.ts'
import { minimalEdits } from '../../main/core/minimal.ts'
import { hunksOfPicked, pickRows } from '../../renderer/picking.ts'
import { hunkView } from './views.ts'

describe('pickRows', () => {
  it('counts the lines that go, then the lines that come', () => {
    const rows = pickRows({ oldLines: ['a', 'same', 'b'], newLines: ['x', 'same', 'y', 'z'] })
    expect(rows.map(({ text, index }) => [text, index])).toEqual([
      ['a', 0],
      ['x', 3],
      ['same', null],
      ['b', 2],
      ['y', 5],
      ['z', 6],
    ])
  })
})

describe('hunksOfPicked', () => {
  const hunk = hunkView('h', { oldLines: ['a', 'b'], newLines: ['x', 'y'] })
  const picked = new Set([0, 2])
  const first = hunkView('1', { oldLines: ['a'], newLines: ['x'] })
  const rest = hunkView('2', { oldLines: ['b'], newLines: ['y'] })

  it('takes the hunks that hold exactly the picked lines', () => {
    expect(hunksOfPicked(hunk, picked, [first, rest])?.map(({ id }) => id)).toEqual(['1'])
  })

  it('takes several when the picked lines lie apart', () => {
    const old = hunkView('1', { oldLines: ['a'], newLines: [] })
    const now = hunkView('2', { oldLines: [], newLines: ['x'] })
    expect(hunksOfPicked(hunk, picked, [old, now, rest])?.map(({ id }) => id)).toEqual(['1', '2'])
  })

  it('takes none when something else came of it', () => {
    expect(hunksOfPicked(hunk, picked, [hunkView('1', { oldLines: ['a'], newLines: ['other'] }), rest])).toBeNull()
    expect(hunksOfPicked(hunk, picked, [])).toBeNull()
  })

  it('finds the picked lines in what the engine makes of them', () => {
    const lines = (first: string): fc.Arbitrary<string[]> =>
      fc
        .uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 })
        .map((all) => all.map((n) => first + n))
    fc.assert(
      fc.property(lines('old '), lines('new '), fc.array(fc.nat(11)), (oldLines, newLines, some) => {
        const whole = hunkView('h', { oldLines, newLines })
        const chosen = new Set(some.filter((index) => index < oldLines.length + newLines.length))
        fc.pre(chosen.size > 0)
        const result = pickedLines(oldLines, newLines, chosen)
        const made = minimalEdits(oldLines, { start: 1, end: oldLines.length + 1, lines: result }).map((edit, at) =>
          hunkView(`part ${at}`, { oldLines: oldLines.slice(edit.start - 1, edit.end - 1), newLines: [...edit.lines] }),
        )
        expect(hunksOfPicked(whole, chosen, made)).toEqual(made)
      }),
    )
  })
})

// What was turned down of a renaming.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rejectedOf, withoutTurnedDown } from '../../../main/core/index/rejected-rename.ts'

const RENAME = { from: 'total', to: 'sumOf' }

const rejection = (path: string, start: number, old: string, fresh: string) => ({
  path,
  start,
  end: start + 1,
  oldLines: [old],
  lines: [fresh],
})

describe('rejectedOf', () => {
  it('knows what put the one name for the other, once or more often in a line', () => {
    const all = [
      rejection('a.ts', 1, 'use(total)', 'use(sumOf)'),
      rejection('b.ts', 9, 'total(total)', 'sumOf(sumOf)'),
      rejection('b.ts', 9, 'total(total)', 'sumOf(total)'),
      rejection('c.ts', 2, 'f({ total })', 'f({ total: sumOf })'),
    ]
    expect(rejectedOf(all, RENAME)).toEqual(all)
  })

  it.each([
    ['another renaming', 'use(total)', 'use(all)'],
    ['an edit that did more', 'use(total)', 'use(sumOf, 1)'],
    ['an edit of something else', 'use(a)', 'use(b)'],
    ['a part of a word', 'use(totals)', 'use(sumOfs)'],
    ['no change', 'use(total)', 'use(total)'],
  ])('leaves %s aside', (_what, old, fresh) => {
    expect(rejectedOf([rejection('a.ts', 1, old, fresh)], RENAME)).toEqual([])
  })

  it('leaves edits of several lines aside', () => {
    const edit = { path: 'a.ts', start: 1, end: 3, oldLines: ['total', 'total'], lines: ['sumOf', 'sumOf'] }
    expect(rejectedOf([edit], RENAME)).toEqual([])
  })
})

describe('withoutTurnedDown', () => {
  const edit = (path: string, start: number, line: string) => ({ path, start, end: start + 1, lines: [line] })

  it('takes away the nearest place of the file that writes the same line', () => {
    const edits = [edit('a.ts', 3, 'use(sumOf)'), edit('a.ts', 20, 'use(sumOf)'), edit('b.ts', 18, 'use(sumOf)')]
    expect(withoutTurnedDown(edits, [rejection('a.ts', 18, 'use(total)', 'use(sumOf)')])).toEqual([edits[0], edits[2]])
  })

  it('leaves nothing when every edit was turned down, and everything when none was', () => {
    const edits = fc.array(
      fc.record({ path: fc.constantFrom('a', 'b'), start: fc.nat(50), line: fc.constantFrom('x', 'y') }),
    )
    fc.assert(
      fc.property(edits, (found) => {
        const all = found.map(({ path, start, line }) => edit(path, start, line))
        const rejected = all.map((each) => ({ ...each, oldLines: ['z'] }))
        expect(withoutTurnedDown(all, rejected)).toEqual([])
        expect(withoutTurnedDown(all, [])).toEqual(all)
      }),
    )
  })
})

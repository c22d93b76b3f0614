// Tests of cuts: what differs between two lists.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutsBetween } from './cuts.ts'

describe('cutsBetween', () => {
  it('keeps the longest common block, the earliest of equals', () => {
    expect(cutsBetween([...'abxcd'], [...'cdyab'])).toEqual([
      { oldStart: 0, oldEnd: 0, fresh: ['c', 'd', 'y'] },
      { oldStart: 2, oldEnd: 5, fresh: [] },
    ])
  })

  it('is empty for equal lists', () => {
    expect(cutsBetween(['a', 'b'], ['a', 'b'])).toEqual([])
  })

  it('makes the new list of the old one', () => {
    const list = fc.array(fc.constantFrom<string>('a', 'b', 'c'), { maxLength: 12 })
    fc.assert(
      fc.property(list, list, (old, fresh) => {
        const made = [...old]
        for (const cut of cutsBetween(old, fresh).toReversed()) {
          made.splice(cut.oldStart, cut.oldEnd - cut.oldStart, ...cut.fresh)
        }
        expect(made).toEqual(fresh)
      }),
    )
  })
})

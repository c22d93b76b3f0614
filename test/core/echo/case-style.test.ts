// Tests of case styles.
import { describe, expect, it } from 'vitest'
import { otherStyles } from '../../../main/core/echo/case-style.ts'

describe('otherStyles', () => {
  it('gives the styles in which the names were not written', () => {
    expect(otherStyles('fooBar', 'bazQux')).toEqual([
      { old: 'FooBar', new: 'BazQux' },
      { old: 'foo_bar', new: 'baz_qux' },
      { old: 'FOO_BAR', new: 'BAZ_QUX' },
      { old: 'foo-bar', new: 'baz-qux' },
    ])
    expect(otherStyles('FOO_BAR', 'BAZ')).toContainEqual({ old: 'fooBar', new: 'baz' })
  })

  it('says nothing about single words, mixed styles, and what is no name', () => {
    for (const [old, fresh] of [
      ['foo', 'barBaz'],
      ['fooBar', 'baz_qux'],
      ['fooBar(', 'bazQux('],
      ['foo_Bar', 'baz_Qux'],
    ] as const) {
      expect(otherStyles(old, fresh)).toEqual([])
    }
  })
})

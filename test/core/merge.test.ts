// Tests of changes carried over to a later text: whole, byte-exact, or refused with a diff.
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { mergeChange, unifiedDiff } from '../../main/core/merge.ts'

const BASE = 'one\ntwo\nthree\nfour\nfive\nsix\n'

describe('a change on a later text', () => {
  it('is made beside what was changed since', () => {
    const changed = BASE.replace('two', 'TWO')
    expect(mergeChange(BASE, changed, BASE.replace('five', 'FIVE'))).toEqual({
      ok: true,
      text: changed.replace('five', 'FIVE'),
    })
  })

  it('is refused with a reason and a diff when its own lines were changed', () => {
    const outcome = mergeChange(BASE, BASE.replace('two', 'TWO'), BASE.replace('two', 'zwei'))
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining('line 2') })
    expect(outcome.ok ? '' : outcome.diff).toContain('-zwei\n+TWO')
  })

  it('is refused whole when one of two edits does not fit', () => {
    const changed = BASE.replace('two', 'TWO').replace('six', 'SIX')
    expect(mergeChange(BASE, changed, BASE.replace('six', 'sechs'))).toMatchObject({ ok: false })
  })

  it('takes what stands there already for made', () => {
    const changed = BASE.replace('two', 'TWO').replace('six', 'SIX')
    const outcome = mergeChange(BASE, changed, BASE.replace('two', 'TWO'))
    expect(outcome).toEqual({ ok: true, text: changed })
  })

  it('brings mixed terminators back as they were', () => {
    const base = 'a\r\nb\nc\r\nd\ne\n'
    const changed = 'a\r\nX\nd\ne\n'
    expect(mergeChange(changed, base, changed.replace('e', 'E'))).toEqual({ ok: true, text: base.replace('e', 'E') })
  })

  it('carries a change of line endings alone', () => {
    expect(mergeChange('a\nb\nc\n', 'a\r\nb\nc\n', 'a\nb\nC\n')).toEqual({ ok: true, text: 'a\r\nb\nC\n' })
  })

  it('carries a byte order mark that came or went', () => {
    expect(mergeChange('a\nb\n', '\uFEFFa\nb\n', 'a\nb\nc\n')).toMatchObject({ ok: true, text: '\uFEFFa\nb\nc\n' })
    expect(mergeChange('\uFEFFa\nb\nc\n', 'a\nB\nc\n', '\uFEFFa\nb\nc\nd\n')).toMatchObject({
      ok: true,
      text: 'a\nB\nc\nd\n',
    })
  })

  it('never glues lines together at an end without newline', () => {
    expect(mergeChange('a\nb', 'a\nb\nc', 'a\nb')).toEqual({ ok: true, text: 'a\nb\nc' })
    expect(mergeChange('a\nb\n', 'a\nb', 'a\nb\nc\n')).toMatchObject({ ok: false })
  })
})

describe('laws', () => {
  const text = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', ''), fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
    .chain((lines) =>
      fc.boolean().map((final) => {
        const whole = lines.map(([line, end]) => line + end).join('')
        return final ? whole : whole.replace(/\r?\n$/, '')
      }),
    )

  test('on its own base a change gives what it changed to, and made twice it is made once', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(mergeChange(base, changed, base)).toEqual({ ok: true, text: changed })
        expect(mergeChange(base, changed, changed)).toEqual({ ok: true, text: changed })
      }),
    )
  })

  test('two merged changes and one taken back again leave the other', () => {
    const line = fc.constantFrom('\n', '\r\n')
    fc.assert(
      fc.property(fc.array(line, { minLength: 6, maxLength: 14 }), fc.nat(), fc.nat(), (ends, one, two) => {
        const numbered = ends.map((end, at) => `${at}${end}`)
        const first = one % numbered.length
        const second = two % numbered.length
        fc.pre(Math.abs(first - second) > 1)
        const base = numbered.join('')
        const mine = numbered.with(first, 'mine\n').join('')
        const theirs = numbered.with(second, 'theirs\nand more\r\n').join('')
        const both = mergeChange(base, mine, theirs)
        expect(both).toEqual({
          ok: true,
          text: numbered.with(first, 'mine\n').with(second, 'theirs\nand more\r\n').join(''),
        })
        expect(mergeChange(mine, base, both.ok ? both.text : '')).toEqual({ ok: true, text: theirs })
      }),
    )
  })
})

test('a unified diff is bounded', () => {
  const long = Array.from({ length: 500 }, (_, at) => `${at}\n`).join('')
  expect(unifiedDiff(long, '').split('\n')).toHaveLength(201)
})

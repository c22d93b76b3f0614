// Tests of token edits.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextOf, isWholeTokens, shareInCommon, tokenEdit, tokensOf } from '../../../main/core/echo/tokens.ts'

const code = fc.string({ unit: fc.constantFrom('a', 'é', '_', '1', ' ', '\t', '(', ')', '.', '😀') })

describe('tokens', () => {
  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(code, (text) => {
        expect(tokensOf(text).join('')).toBe(text)
      }),
    )
  })

  it('takes words of any script whole', () => {
    expect(tokensOf('größe_2.läuft(é)')).toEqual(['größe_2', '.', 'läuft', '(', 'é', ')'])
  })
})

describe('tokenEdit', () => {
  it('gives both lines back', () => {
    fc.assert(
      fc.property(code, code, (before, after) => {
        const edit = tokenEdit(before, after)
        expect(edit.left + edit.old + edit.right).toBe(before)
        expect(edit.left + edit.new + edit.right).toBe(after)
      }),
    )
  })

  it('keeps words whole', () => {
    expect(tokenEdit('f(total)', 'f(totals)')).toEqual({ left: 'f(', old: 'total', new: 'totals', right: ')' })
  })
})

describe('isWholeTokens', () => {
  it('refuses a place within a word', () => {
    expect(isWholeTokens('a.total()', 2, 7)).toBe(true)
    expect(isWholeTokens('a.subtotal()', 5, 10)).toBe(false)
    expect(isWholeTokens('a.totals()', 2, 7)).toBe(false)
  })
})

describe('contextOf', () => {
  it('counts from the edit outwards, without white space', () => {
    expect(contextOf('  if (user . ', 'left', 3)).toEqual(['.', 'user', '('])
    expect(contextOf(' = await f()', 'right', 3)).toEqual(['=', 'await', 'f'])
  })
})

describe('shareInCommon', () => {
  it('is the share of different tokens that both have', () => {
    expect(shareInCommon(new Set(['a', 'b', 'c']), new Set(['b', 'c', 'd']))).toBe(0.5)
  })

  it('is nothing for empty sets', () => {
    expect(shareInCommon(new Set(), new Set())).toBe(0)
  })
})

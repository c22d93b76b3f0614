// Tests of templates: what becomes a hole, and where a template fits.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesIn, templateOf } from '../../../main/core/echo/template.ts'
import { tokenEdit } from '../../../main/core/echo/tokens.ts'

/** The line with the template learnt from `old` → `fresh` applied. */
function applied(old: string, fresh: string, line: string): string | null {
  const template = templateOf(tokenEdit(old, fresh), true)
  const [found] = template === null ? [] : matchesIn(template, line)
  return found === undefined ? null : line.slice(0, found.from) + found.fresh + line.slice(found.to)
}

describe('templateOf', () => {
  it('makes operands holes, and what is called constant', () => {
    expect(templateOf(tokenEdit('assert.equal(total, 3) // sum', 'expect(total).toBe(3) // sum'), true)).toEqual({
      old: ['assert.equal(', 0, ', ', 1, ')'],
      new: ['expect(', 0, ').toBe(', 1, ')'],
      holes: ['total', '3'],
    })
  })

  it('is null without an operand, and without a word to be recognised by', () => {
    expect(templateOf(tokenEdit('oldName', 'newName'), true)).toBeNull()
    expect(templateOf(tokenEdit('(a, b)', '[a, b]'), true)).toBeNull()
  })
})

describe('matchesIn', () => {
  it('changes the order of arguments', () => {
    expect(applied('equal(found, wanted)', 'expect(wanted, found)', 'equal(f(a, b), "x, y")')).toBe(
      'expect("x, y", f(a, b))',
    )
  })

  it('finds every place in a line', () => {
    const template = templateOf(tokenEdit('pair(Key: a, Value: b)', 'pair(a, b)'), true)
    const line = 'pair(Key: c, Value: d), pair(Key: e, Value: f)'
    expect(template === null ? null : matchesIn(template, line)).toEqual([
      { from: 5, to: 22, fresh: 'c, d)', holes: ['c', 'd'] },
      { from: 29, to: 46, fresh: 'e, f)', holes: ['e', 'f'] },
    ])
  })

  it('unwraps', () => {
    expect(applied('x = wrap(value, deep)', 'x = [deep].use(value)', 'y = wrap(a[1], b)')).toBe('y = [b].use(a[1])')
  })

  it('keeps operands apart at their commas', () => {
    expect(applied('equal(found, wanted)', 'expect(wanted, found)', 'equal(a, b, c)')).toBeNull()
  })

  it('gives its own example back, whatever the operands', () => {
    const operand = fc.constantFrom('a', 'f(a, b)', '"x, y"', 'list[0]', '{ a: 1 }', '42', '`t`', 'a.b.c')
    const shape = fc.constantFrom<readonly [string, string]>(
      ['assert.equal(A, B)', 'expect(A).toBe(B)'],
      ['swap(A, B)', 'swap2(B, A)'],
      ['if (has(A)) put(B)', 'if (A in B) put2(B)'],
    )
    fc.assert(
      fc.property(shape, operand, operand, ([old, fresh], a, b) => {
        const fill = (text: string): string => text.replaceAll('A', () => a).replaceAll('B', () => b)
        const result = applied(fill(old), fill(fresh), fill(old))
        if (result !== null) expect(result).toBe(fill(fresh))
      }),
    )
  })
})

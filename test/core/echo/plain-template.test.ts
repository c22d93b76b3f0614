// Tests of when one example of an edit is enough.
import { describe, expect, it } from 'vitest'
import { isPlain } from '../../../main/core/echo/plain-template.ts'
import { templateOf } from '../../../main/core/echo/template.ts'
import { tokenEdit } from '../../../main/core/echo/tokens.ts'

function isEnough(before: string, after: string): boolean {
  const template = templateOf(tokenEdit(before, after), true)
  return template !== null && isPlain(template)
}

describe('isPlain', () => {
  it('is satisfied with operands that both sides name in other signs or another order', () => {
    expect(isEnough('assert.equal(a, b)', 'expect(a).toBe(b)')).toBe(true)
    expect(isEnough('x.send(first, second);', 'send(second, first);')).toBe(true)
  })

  it('is not with a single operand', () => {
    expect(isEnough('assert.ok(a)', 'expect(a).toBeTruthy()')).toBe(false)
  })

  it('is not where only a word changed: that is a replacement of tokens', () => {
    expect(isEnough('assert.same(a, b)', 'assert.equal(a, b)')).toBe(false)
  })

  it('is not with an operand within a string', () => {
    expect(isEnough('f(a, join("home/x"))', 'f(a, join(home) / "x")')).toBe(false)
  })

  it('is not where the old side ends with an open bracket', () => {
    expect(isEnough('call(a, (b) => {', 'call((a), (b), () => {')).toBe(false)
  })
})

// Tests of templates of several lines.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockMatch, blockTemplateOf } from '../../../main/core/echo/block-template.ts'
import { proposeWithLesson } from '../../../main/core/echo/echo.ts'
import { applyEdits } from '../../../main/core/patch.ts'

const old = (name: string, indent = '  '): readonly string[] => [
  `${indent}if (${name} === undefined) {`,
  `${indent}  throw new TypeError(${name})`,
  `${indent}}`,
]
const fresh = (name: string, indent = '  '): readonly string[] => [`${indent}assertDefined(${name})`]

describe('blockTemplateOf', () => {
  it('has holes for the operands, and fits at another indentation', () => {
    const template = blockTemplateOf(old('user'), fresh('user'))
    if (template === null) throw new Error('nothing was learnt')
    expect(blockMatch(template, old('cart', '\t'))).toEqual(fresh('cart', '\t'))
    expect(blockMatch(template, [...old('cart').slice(0, 2), '  } else {'])).toBeNull()
  })

  it('is null for an edit within a line, and for lines that only come or go', () => {
    expect(blockTemplateOf(['a(b)'], ['c(b)'])).toBeNull()
    expect(blockTemplateOf([], ['a(b)', 'c(d)'])).toBeNull()
    expect(blockTemplateOf(['a(b)', 'c(d)'], [])).toBeNull()
  })

  it('makes of its own example what was made of it', () => {
    const name = fc.stringMatching(/^[a-z]{2,8}$/)
    const line = fc
      .tuple(fc.constantFrom('', '  ', '    '), name, fc.array(name, { maxLength: 3 }))
      .map(([indent, call, words]) => `${indent}${call}(${words.join(', ')})`)
    const block = fc.array(line, { minLength: 1, maxLength: 4 }).map(([first = '', ...rest]) => [first.trim(), ...rest])
    fc.assert(
      fc.property(block, block, (before, after) => {
        const template = blockTemplateOf(before, after)
        if (template === null || before.join('\n') === after.join('\n')) return
        expect(blockMatch(template, before)).toEqual(after)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the embedded engine', () => {
  const file = (...blocks: readonly (readonly string[])[]): string =>
    blocks.flatMap((lines) => [...lines, '', 'next()', '']).join('\n')
  const path = 'a.ts'

  it('makes the same of several lines with other operands, once it was made twice', () => {
    const texts = [
      file(old('user'), old('cart'), old('order', '    ')),
      file(fresh('user'), old('cart'), old('order', '    ')),
      file(fresh('user'), fresh('cart'), old('order', '    ')),
    ] as const
    const history = [{ path, before: texts[0], after: texts[1] }]
    expect(proposeWithLesson({ path, before: texts[0], after: texts[1], history: [] }).edits).toEqual([])
    const { edits, lesson } = proposeWithLesson({ path, before: texts[1], after: texts[2], history })
    expect(applyEdits(texts[2], edits)).toBe(file(fresh('user'), fresh('cart'), fresh('order', '    ')))
    expect(lesson).toBe('`if (A === undefined) { ⏎ throw new TypeError(A) ⏎ }` → `assertDefined(A)`, 1 more place')
  })
})

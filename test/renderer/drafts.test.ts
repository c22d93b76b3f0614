// Lines as a text to edit: nothing is lost on the way there and back.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draftOf, isEditable, linesOfDraft } from '../../renderer/drafts.ts'

describe('a draft', () => {
  it('comes back as the same lines, whatever they are', () => {
    const line = fc.oneof(
      fc.constant(''),
      fc.string().map((text) => text.replaceAll('\n', '')),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(linesOfDraft(draftOf(lines))).toEqual(lines)
      }),
    )
  })

  it('means the same lines, whatever was typed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', ' ')), (typed) => {
        const text = typed.join('')
        expect(draftOf(linesOfDraft(text))).toBe(text)
      }),
    )
  })

  it('tells no line from a blank one', () => {
    expect(linesOfDraft('')).toEqual([])
    expect(linesOfDraft('\n')).toEqual([''])
  })

  it('is not offered for lines that a text field would break', () => {
    expect(isEditable(['a\rb'])).toBe(false)
    expect(isEditable(['a\tb'])).toBe(true)
  })
})

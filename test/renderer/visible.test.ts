// What a person decides on is what is written.
import { describe, expect, it } from 'vitest'
import { sentence, visible } from '../../renderer/visible.ts'

describe('visible', () => {
  it('leaves ordinary text, tabs and newlines alone', () => {
    expect(visible('a\tb\nc “ü” 漢字 👩‍👩‍👧')).toBe('a\tb\nc “ü” 漢字 👩‍👩‍👧')
  })

  it('shows escape sequences instead of letting them act', () => {
    expect(visible('\u001b[2J')).toBe('␛[2J')
  })

  it('shows marks that would reorder the text', () => {
    expect(visible('a\u202eb\u2066c')).toBe('a‹U+202E›b‹U+2066›c')
  })

  it('shows blanks without width and the second set of controls', () => {
    expect(visible('\u200b\u009b\u007f')).toBe('‹U+200B›‹U+009B›␡')
  })

  it('shows what takes no room: soft hyphens, fillers, tags', () => {
    expect(visible('a\u00adb\u3164c\u{e0041}')).toBe('a‹U+00AD›b‹U+3164›c‹U+E0041›')
  })

  it('shows a joiner in a plain name, and leaves it where it joins', () => {
    expect(visible('pass\u200dword x\u200c')).toBe('pass‹U+200D›word x‹U+200C›')
    expect(visible('می\u200cخواهم 👩\u200d👧')).toBe('می\u200cخواهم 👩\u200d👧')
  })
})

describe('sentence', () => {
  it('begins with a capital and ends with a full stop, once', () => {
    expect(['chosen in the settings', 'Done.', 'really?', ''].map(sentence)).toEqual([
      'Chosen in the settings.',
      'Done.',
      'Really?',
      '',
    ])
  })
})

// What of a reply's prose a card shows.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortExplanation } from '../../main/core/explanation.ts'

function short(...lines: readonly string[]): string {
  return shortExplanation(lines).short
}

describe('shortExplanation', () => {
  it('shows one or two sentences as they are', () => {
    expect(shortExplanation(['Guard the empty cart: the sum is divided by its length.'])).toEqual({
      short: 'Guard the empty cart: the sum is divided by its length.',
      rest: null,
    })
    expect(short('One thing.', 'Another thing.')).toBe('One thing. Another thing.')
  })

  it('shows two sentences, and keeps all of them for who wants to read on', () => {
    expect(shortExplanation(['One. Two! Three?'])).toEqual({ short: 'One. Two!', rest: 'One. Two! Three?' })
  })

  it('is empty when nothing was said', () => {
    expect(shortExplanation([])).toEqual({ short: '', rest: null })
    expect(shortExplanation(['', '```'])).toMatchObject({ short: '' })
  })

  it('keeps "Nothing to add."', () => {
    expect(short('Nothing to add.')).toBe('Nothing to add.')
  })

  it.each([
    'Use a set, e.g. `new Set()`. It is faster.',
    'Call foo.bar() first. It opens the file.',
    'Needs Node 24.1 or newer. Older ones fail.',
    'The value, i.e. Rate, may be missing. Guard it.',
    'Wait... then it fails. Guard it.',
    'Wait… It fails. Guard it?'.replace(' Guard it?', ''),
    'Use `a. B? C!` here. Then go on.',
    'See Fig. 3 and no. 7. Then go on.',
    'It calls obj.method. Then it stops.',
    'Compare a vs. b here. Then go on.',
    'Is it `null`? Then return.',
    'He said "Stop." Then it ended.',
  ])('takes for two sentences at most: %s', (text) => {
    expect(shortExplanation([text])).toEqual({ short: text, rest: null })
  })

  it('finds the end after an abbreviation that ends a sentence', () => {
    expect(short('It handles maps, sets etc. Then it stops. Third.')).toBe('It handles maps, sets etc. Then it stops.')
  })

  it('joins lines that were wrapped', () => {
    expect(short('Guard the empty', 'cart.')).toBe('Guard the empty cart.')
  })

  it('takes off markup', () => {
    expect(short('## Summary', '', '**Guard** the *empty* [cart](https://example.com).', '```ts')).toBe(
      'Guard the empty cart.',
    )
  })

  it('leaves names with underscores and stars alone', () => {
    expect(short('Call `__init__` with **kwargs and 2 * 3 * 4.')).toBe('Call `__init__` with **kwargs and 2 * 3 * 4.')
  })

  it('takes a heading where there is nothing else', () => {
    expect(short('# Guard the empty cart')).toBe('Guard the empty cart')
  })

  it('takes points of a list as sentences', () => {
    expect(short('- Guard the empty cart', '- Name the rate', '- Sort')).toBe('Guard the empty cart Name the rate')
  })

  it.each([
    ["Sure! Here's the patch:", ''],
    ["Sure, I'd guard the sum.", "I'd guard the sum."],
    ['Certainly! Guards the sum.', 'Guards the sum.'],
    ["Here's the updated code:", ''],
    ['Guards the sum. Here is the patch:', 'Guards the sum.'],
    ['Guards the sum. Let me know if you need more!', 'Guards the sum.'],
    ["Okay. Here's the fix for the empty cart.", "Here's the fix for the empty cart."],
    ['Great question! The sum may be empty.', 'The sum may be empty.'],
    ['Guards the sum. Hope this helps!', 'Guards the sum.'],
  ])('drops chatter: %s', (text, expected) => {
    expect(short(text)).toBe(expected)
  })

  it('keeps words that only begin like chatter', () => {
    expect(short('Rights are checked first.')).toBe('Rights are checked first.')
    expect(short('Below zero the rate is wrong.')).toBe('Below zero the rate is wrong.')
    expect(short('Done twice, the write is lost.')).toBe('Done twice, the write is lost.')
  })

  it('does not change the first word where it is a name', () => {
    expect(short('mean divides by zero.')).toBe('mean divides by zero.')
  })

  it('cuts what is too long at a word', () => {
    const text = `It ${'goes on '.repeat(60)}`
    const { short: cut, rest } = shortExplanation([text])
    expect(cut.length).toBeLessThanOrEqual(240)
    expect(cut).toMatch(/(?:goes|on)…$/)
    expect(rest).toBe(text.trim())
  })

  it('shows one sentence where two are too long', () => {
    const first = `${'a'.repeat(150)}.`
    expect(short(`${first} ${'B'.repeat(150)}.`)).toBe(first)
  })

  it('drops characters that do not show', () => {
    expect(short('Guard\u202e the\u0007 cart.\r')).toBe('Guard the cart.')
  })

  it('knows sentences without blanks between them', () => {
    expect(short('一つ目。二つ目。三つ目。')).toBe('一つ目。 二つ目。')
  })

  it('never shows more than 240 characters, nor half a character', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('. ', '`', '**', '#', '- ', '\n', '```', 'Sure! ', '🙂', 'e.g. ', 'A', ' '),
    )
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 80 }).map((words) => words.join(''))), (lines) => {
        const explanation = shortExplanation(lines)
        expect(explanation.short.length).toBeLessThanOrEqual(240)
        expect(explanation.short.isWellFormed()).toBe(true)
      }),
    )
  })

  it('comes to an end on long hostile prose', () => {
    for (const unit of ['`', '*', '[', '.', '. A', '**a', 'here is ', '_', '#', '> ', 'e.g. ', '(']) {
      expect(shortExplanation([unit.repeat(100_000)]).short.length).toBeLessThanOrEqual(240)
      expect(shortExplanation(Array.from({ length: 50_000 }, () => unit)).short.length).toBeLessThanOrEqual(240)
    }
  })
})

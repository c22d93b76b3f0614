// Which style holds for a file, and how that is said.
import { describe, expect, test } from 'vitest'
import { chosenStyles, saidOf, styleOfRule, type StyleSource } from '../../../main/core/conventions/style.ts'

describe('an approved rule', () => {
  test.each([
    ['Use single quotes.', 'single quotes'],
    ['Double quotes, not single quotes.', 'double quotes'],
    ['always use semicolons', 'semicolons'],
    ['No semicolons.', 'no semicolons'],
    ['Do not use trailing commas.', 'no trailing commas'],
    ['Write trailing commas', 'trailing commas'],
  ])('%s', (text, choice) => {
    expect(styleOfRule(text)?.choice).toBe(choice)
  })

  test.each(['Use single quotes in tests only.', 'No single quotes.', 'Semicolons are optional.', 'Use tabs.', ''])(
    'with a condition, or about something else, makes no such choice: %s',
    (text) => {
      expect(styleOfRule(text)).toBeNull()
    },
  )
})

const source = (choice: 'single quotes' | 'double quotes', name: string): StyleSource => ({
  subject: 'quotes',
  choice,
  counted: false,
  source: name,
  evidence: '',
})

describe('of several sources', () => {
  test('the surest decides', () => {
    expect(chosenStyles([[], [source('single quotes', 'a')], [source('double quotes', 'b')]])).toMatchObject([
      { choice: 'single quotes', source: 'a' },
    ])
  })

  test('of one kind that disagree none does, nor a less sure one', () => {
    const settings = [source('single quotes', 'a'), source('double quotes', 'b')]
    expect(chosenStyles([settings, [source('single quotes', 'c')]])).toEqual([])
  })
})

test('a style is said with its evidence', () => {
  const counted = { ...source('single quotes', 'as in your project'), evidence: '1,204 of 1,219' }
  expect(saidOf(counted)).toBe('quotes as in your project: single (1,204 of 1,219)')
  expect(saidOf(source('double quotes', 'as .prettierrc says'))).toBe('quotes as .prettierrc says: double')
})

// What counts as a convention: a clear majority, of enough places, in enough files.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { figuresOf, Observations, said, wilson } from '../../../main/core/conventions/mined.ts'
import { observe, type Observation } from '../../../main/core/conventions/observe.ts'

const quotes = (choice: string, count: number): Observation => ({
  language: 'TypeScript',
  subject: 'quotes',
  choice,
  count,
})

function counted(...files: readonly (readonly Observation[])[]) {
  const all = new Observations()
  for (const [at, observations] of files.entries()) all.set(`f${at}.ts`, observations)
  return all.conventions()
}

describe('a convention', () => {
  test('carries the count of its cases, and of all', () => {
    const [found] = counted(
      [quotes('single quotes', 500)],
      [quotes('single quotes', 704)],
      [quotes('double quotes', 15)],
    )
    expect(found).toMatchObject({ choice: 'single quotes', cases: 1204, of: 1219, files: 3 })
    expect(found && [said(found), figuresOf(found)]).toEqual(['single quotes', '1,204 of 1,219'])
  })

  test('needs enough places', () => {
    expect(counted(...Array.from({ length: 3 }, () => [quotes('single quotes', 6)]))).toEqual([])
    expect(counted(...Array.from({ length: 3 }, () => [quotes('single quotes', 7)]))).toHaveLength(1)
  })

  test('needs more files than two', () => {
    expect(counted([quotes('single quotes', 400)], [quotes('single quotes', 400)])).toEqual([])
  })

  test('needs a clear majority, the clearer the fewer places there are', () => {
    const mixed = (one: number, other: number) =>
      counted([quotes('single quotes', one)], [quotes('double quotes', other)], [quotes('single quotes', one)])
    expect(mixed(35, 30)).toEqual([])
    expect(mixed(45, 15)).toEqual([])
    expect(mixed(450, 150)).toHaveLength(1)
  })

  test('of a file seen again counts as the file is now', () => {
    const all = new Observations()
    for (const name of ['a', 'b', 'c']) all.set(name, [quotes('single quotes', 20)])
    for (const name of ['a', 'b', 'c']) all.set(name, [quotes('double quotes', 20)])
    expect(all.conventions()).toMatchObject([{ choice: 'double quotes', cases: 60, of: 60 }])
    all.delete('a')
    expect(all.conventions()).toEqual([])
  })
})

test('the order in which files are seen, and how often, changes nothing', () => {
  const file = fc.record({
    path: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    single: fc.nat(40),
    double: fc.nat(40),
  })
  fc.assert(
    fc.property(fc.array(file, { maxLength: 20 }), (files) => {
      const all = new Observations()
      for (const { path, single, double } of files)
        all.set(path, [quotes('single quotes', single), quotes('double quotes', double)])
      const last = new Map(files.map((entry) => [entry.path, entry]))
      const once = new Observations()
      for (const { path, single, double } of [...last.values()].toReversed())
        once.set(path, [quotes('single quotes', single), quotes('double quotes', double)])
      expect(all.conventions()).toEqual(once.conventions())
    }),
  )
})

test("Wilson's bound is below the share, and nears it with more cases", () => {
  expect(wilson(0, 0)).toBe(0)
  expect(wilson(9, 10)).toBeCloseTo(0.596, 3)
  expect(wilson(900, 1000)).toBeCloseTo(0.88, 2)
})

describe('one file shows', () => {
  const shown = (path: string, text: string) =>
    Object.fromEntries(observe(path, text).map(({ subject, choice, count }) => [`${subject}: ${choice}`, count]))

  test('its quotes, where there was a choice', () => {
    const text = `const a = 'x'\nconst b = "y"\nconst c = "it's"\nconst d = \`z\`\n// 'no' "no"\n`
    expect(shown('a.ts', text)).toMatchObject({ 'quotes: single quotes': 1, 'quotes: double quotes': 1 })
  })

  test('its semicolons, where a statement ends', () => {
    const text = 'const a = 1\nfoo()\nconst b = [\n  1,\n]\nconst long =\n  2\nreturn a\n  .b()\n'
    expect(shown('a.js', text)).toMatchObject({ 'semicolons: no semicolons': 3 })
    expect(shown('a.js', 'const a = 1;\nfoo();\nif (a) {\n}\n')).toMatchObject({ 'semicolons: semicolons': 2 })
  })

  test('its trailing commas, in lists and not in blocks', () => {
    const text = 'const a = [\n  1,\n  2,\n]\nfoo(\n  a,\n  b\n)\nif (\n  a\n) {\n  b()\n}\n'
    const found = shown('a.ts', text)
    expect(found['trailing commas: trailing commas']).toBe(1)
    expect(found['trailing commas: no trailing commas']).toBe(1)
  })

  test('its step of indentation', () => {
    expect(shown('a.py', 'def f():\n    if x:\n        return 1\n')).toMatchObject({ 'indentation: 4 spaces': 2 })
    expect(shown('a.ts', 'if (a) {\n\tb()\n}\n')).toMatchObject({ 'indentation: tabs': 1 })
  })

  test('how it names things, where a name shows it', () => {
    const text = 'def load_all():\n    pass\ndef run():\n    pass\nMAX_SIZE = 3\n'
    expect(shown('a.py', text)).toMatchObject({ 'function names: snake_case': 1, 'constant names: UPPER_CASE': 1 })
  })

  test('nothing in a file of no known language', () => {
    expect(observe('a.bin', 'const a = 1')).toEqual([])
  })
})

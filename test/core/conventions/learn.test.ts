// Rules that decisions show: from enough cases, and none from less.
import { describe, expect, test } from 'vitest'
import { brokenChecks } from '../../../main/core/conventions/check.ts'
import { learn, type Decision } from '../../../main/core/conventions/learn.ts'

const edited = (at: number, proposed: string, kept: string): Decision => ({
  kind: 'edited',
  suggestion: `s${at}`,
  path: `src/f${at}.ts`,
  line: at + 1,
  proposed: [proposed],
  kept: [kept],
})
const decided = (kind: 'accepted' | 'rejected', at: number, ...newLines: string[]): Decision => ({
  kind,
  suggestion: `s${at}`,
  path: `src/f${at}.ts`,
  line: 1,
  oldLines: [],
  newLines,
})
const nudged = (at: number, words: string): Decision => ({
  kind: 'nudged',
  suggestion: `s${at}`,
  path: 'a.ts',
  line: 1,
  words,
})

describe('edited before accepting', () => {
  const thrice = [
    edited(0, 'var a = 1', 'const a = 1'),
    edited(1, '  var total = sum(b)', '  const total = sum(b)'),
    edited(2, 'var c', 'const c'),
  ]

  test('three times the same way is a proposed rule with its cases', () => {
    const [rule, ...others] = learn(thrice)
    expect(others).toEqual([])
    expect(rule?.text).toBe('Write `const`, not `var`.')
    expect(rule?.cases.map(({ path, line }) => `${path}:${line}`)).toEqual([
      'src/f0.ts:1',
      'src/f1.ts:2',
      'src/f2.ts:3',
    ])
    expect(rule?.cases[0]?.what).toBe('`var a = 1` became `const a = 1`')
  })

  test('twice is none', () => {
    expect(learn(thrice.slice(1))).toEqual([])
  })

  test('three times in one suggestion is one case', () => {
    expect(learn(thrice.map((decision) => ({ ...decision, suggestion: 's' })))).toEqual([])
  })

  test('what the person added in lines of their own is no correction', () => {
    const longer = [0, 1, 2].map((at): Decision => ({
      kind: 'edited',
      suggestion: `s${at}`,
      path: 'a.ts',
      line: 1,
      proposed: ['a'],
      kept: ['a', 'b'],
    }))
    expect(learn(longer)).toEqual([])
  })

  test('names what was taken out', () => {
    const rules = learn([0, 1, 2].map((at) => edited(at, `debugger foo(${at})`, `foo(${at})`)))
    expect(rules.map(({ text }) => text)).toEqual(['Leave out `debugger`.'])
  })
})

describe('rejected', () => {
  const accepted = Array.from({ length: 6 }, (_, at) => decided('accepted', 100 + at, `const value${at} = run()`))

  test('what rejected hunks brought in and accepted ones did not is a proposed rule', () => {
    const rejected = [0, 1, 2].map((at) => decided('rejected', at, `const a${at}: any = run()`))
    const rules = learn([...accepted, ...rejected])
    expect(rules.map(({ text }) => text)).toEqual(['Do not use `any`.'])
    expect(rules[0]?.cases).toHaveLength(3)
  })

  test('comments that come with it are told as such', () => {
    const rejected = [0, 1, 2].map((at) =>
      decided('rejected', at, `// Adds number ${at}`, `add(${at})`.replace('add', `f${at}`)),
    )
    expect(learn([...accepted, ...rejected]).map(({ text }) => text)).toContain('Add no comments.')
  })

  test('who rejects everything teaches nothing by it', () => {
    expect(learn([0, 1, 2, 3].map((at) => decided('rejected', at, `const a${at}: any = run()`)))).toEqual([])
  })

  test('in one file only is about that file', () => {
    const rejected = [0, 1, 2].map((at) => ({ ...decided('rejected', at, 'let x: any'), path: 'src/one.ts' }))
    expect(learn([...accepted, ...rejected])).toEqual([])
  })
})

describe('nudged', () => {
  test('the same wish three times, in other words, is a proposed rule', () => {
    const rules = learn([nudged(0, 'use a Map instead'), nudged(1, 'please use a Map'), nudged(2, 'Use Map here')])
    expect(rules).toHaveLength(1)
    expect(rules[0]?.text).toBe('Use Map here.')
    expect(rules[0]?.cases.map(({ what }) => what)).toContain('you said `please use a Map`')
  })

  test('three different wishes are none', () => {
    expect(learn([nudged(0, 'use a Map'), nudged(1, 'shorter'), nudged(2, 'no recursion')])).toEqual([])
  })
})

describe('a rule is broken', () => {
  const rules = learn([0, 1, 2].map((at) => edited(at, `var a${at} = 1`, `const a${at} = 1`)))
  const checks = rules.flatMap(({ check }) => (check === null ? [] : [check]))

  test('by a line that brings in what it is against', () => {
    expect(brokenChecks(checks, 'a.ts', ['x()'], ['var x = 1'])).toEqual([0])
    expect(brokenChecks(checks, 'a.ts', ['x()'], ['const x = 1', 'variable()'])).toEqual([])
  })

  test('not by what stood there before', () => {
    expect(brokenChecks(checks, 'a.ts', ['var x = 1'], ['var x = 2'])).toEqual([])
  })
})

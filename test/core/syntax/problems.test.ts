// Whether and where texts do not parse, in every language that has a grammar.
import { describe, expect, it } from 'vitest'
import type { Grammar } from '../../../main/core/syntax/grammar.ts'
import { grammarOf } from '../../../main/core/syntax/grammar.ts'
import { problemsOf } from '../../../main/core/syntax/problems.ts'
import { treeOf } from '../../fakes/syntax.ts'

const CASES: readonly (readonly [Grammar, whole: string, broken: string])[] = [
  ['bash', 'if true; then echo a; fi\n', 'if true; then echo a;\n'],
  ['c-sharp', 'class A { void B() { C(); } }\n', 'class A { void B() { C( } }\n'],
  ['cpp', 'int a() { return b(1); }\n', 'int a() { return b(1; }\n'],
  ['css', 'a { color: red; }\n', 'a { color: red; \n'],
  ['go', 'package a\n\nfunc b() { c() }\n', 'package a\n\nfunc b() { c( }\n'],
  ['java', 'class A { void b() { c(); } }\n', 'class A { void b() { c( } }\n'],
  ['javascript', 'const a = (b) => b\n', 'const a = (b => b\n'],
  ['php', '<?php function a() { return 1; }\n', '<?php function a() { return 1;\n'],
  ['powershell', 'function A { return 1 }\n', 'function A { return 1 \n'],
  ['python', 'def a(b):\n    return b\n', 'def a(b:\n    return b\n'],
  ['ruby', 'def a(b)\n  b\nend\n', 'def a(b)\n  b\n'],
  ['rust', 'fn a() { b(1); }\n', 'fn a() { b(1; }\n'],
  ['tsx', 'const a = <p>b</p>\n', 'const a = <p>b</q\n'],
  ['typescript', 'const a: number = b!\n', 'const a: = b!\n'],
]

describe('problemsOf', () => {
  it.each(CASES)('finds none in whole %s, and some in broken', async (grammar, whole, broken) => {
    expect(problemsOf(await treeOf(grammar, whole))).toEqual({ count: 0, places: [] })
    expect(problemsOf(await treeOf(grammar, broken)).count).toBeGreaterThan(0)
  })

  it('tells the line, and what is missing', async () => {
    const { places } = problemsOf(await treeOf('cpp', 'int a() {\n  return 1\n}\n'))
    expect(places).toMatchObject([{ kind: 'missing', line: 2, missing: ';' }])
  })

  it('counts all, and tells the first fifty', async () => {
    const { count, places } = problemsOf(await treeOf('typescript', 'const = ;\n'.repeat(200)))
    expect(count).toBeGreaterThan(100)
    expect(places).toHaveLength(50)
    expect(places.map(({ line }) => line)).toEqual(places.map(({ line }) => line).toSorted((a, b) => a - b))
  })
})

describe('grammarOf', () => {
  it('goes by the ending, whatever its case, or by the whole name', () => {
    expect(grammarOf('src/A.TSX')).toBe('tsx')
    expect(grammarOf('lib/Rakefile')).toBe('ruby')
    expect(grammarOf('a/b.d.mts')).toBe('typescript')
  })

  it('knows none for other files', () => {
    for (const path of ['Main.kt', 'a.swift', 'q.sql', 'index.html', 'README', 'ts', 'notes.md']) {
      expect(grammarOf(path), path).toBeNull()
    }
  })
})

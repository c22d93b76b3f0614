// Tests of the replay across files.
import { describe, expect, it } from 'vitest'
import { parsedSyntax } from '../../fakes/syntax.ts'
import type { AcrossCase } from './cases.ts'
import { replayAcross, type JudgedPlace } from './figures.ts'
import type { AskScopes } from './project.ts'
import { renamingsIn } from './renames.ts'
import type { Proposal } from './sums.ts'

const never = new AbortController().signal
const scopes: AskScopes = (path, text, target) => parsedSyntax.occurrences(path, text, target, never)

function caseOf(files: AcrossCase['files'], besides: Record<string, string> = {}): AcrossCase {
  const project = new Map([...Object.entries(besides), ...files.map(({ path, before }) => [path, before] as const)])
  return { repo: 'r', commit: 'c', files, project }
}

const strict = (path: string, names: readonly string[]): AcrossCase['files'][number] => {
  const before = names.map((name) => `assert.equal(${name}(), 1)\n`).join('other()\n')
  return { path, before, after: before.replaceAll('assert.equal', 'assert.strictEqual') }
}

describe('replayAcross', () => {
  const files = [strict('a.js', ['one']), strict('b.js', ['two']), strict('c.js', ['three', 'four'])]

  it('counts what is found in a third file, in three orders, and what could be', async () => {
    const [edits] = await replayAcross([caseOf(files)], scopes)
    expect(edits).toMatchObject({ kind: 'edits', cases: 1, steps: 12, spokeWrongly: 0, otherwise: 0 })
    expect(edits?.good).toBe(edits?.proposed)
    expect(edits?.found).toBeGreaterThan(0)
    expect(edits?.repeated).toBeGreaterThan(edits?.found ?? 0)
  })

  it('tells of what is proposed in a file that the commit leaves alone', async () => {
    const wrong: Proposal[] = []
    const left = { 'left.js': 'assert.equal(kept(), 1)\n' }
    const [edits] = await replayAcross([caseOf(files, left)], scopes, { wrong: (each) => void wrong.push(each) })
    expect(edits?.spokeWrongly).toBeGreaterThan(0)
    expect(new Set(wrong.map(({ path }) => path))).toEqual(new Set(['left.js:1']))
    expect(wrong[0]).toMatchObject({ old: ['assert.equal(kept(), 1)'], lines: ['assert.strictEqual(kept(), 1)'] })
  })

  it('tells of every place that the engine found when somebody listens', async () => {
    const judged: JudgedPlace[] = []
    await replayAcross([caseOf(files)], scopes, { judged: (each) => void judged.push(each) })
    expect(judged.length).toBeGreaterThan(0)
    expect(judged.every(({ isGood, signs }) => isGood && signs.files > 1)).toBe(true)
  })

  it('begins each renaming once in each of its files', async () => {
    const cart = 'export function total() {\n  return 1\n}\ntotal()\n'
    const page = "import { total } from './cart'\ntotal()\n"
    const renamed = (path: string, before: string) => ({ path, before, after: before.replaceAll('total', 'sumOf') })
    const renaming = caseOf([renamed('cart.js', cart), renamed('page.js', page)])
    expect(renamingsIn(renaming)).toMatchObject([{ from: 'total', to: 'sumOf', places: { length: 4 } }])
    const [, renames] = await replayAcross([renaming], scopes)
    // From the declaration all three others; from the import only those of its own file.
    expect(renames).toMatchObject({ kind: 'renames', cases: 1, steps: 2, proposed: 4, good: 4, found: 4, repeated: 6 })
  })
})

describe('renamingsIn', () => {
  it('takes no line for one in which anything else was changed', () => {
    const lines = (name: string, rest: string): string => `f(${name}${rest})\n`.repeat(3)
    const changed = (before: string, after: string) => renamingsIn(caseOf([{ path: 'a.js', before, after }]))
    expect(changed(lines('old', ''), lines('fresh', ''))).toHaveLength(1)
    expect(changed(lines('old', ''), lines('fresh', ', 1'))).toEqual([])
    expect(changed(lines('1', ''), lines('2', ''))).toEqual([])
  })
})

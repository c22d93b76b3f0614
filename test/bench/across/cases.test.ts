// Tests of how commits become cases.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { casesAcross } from './cases.ts'

let root: string | null = null

afterEach(() => {
  if (root !== null) rmSync(root, { recursive: true, force: true })
  root = null
})

function git(...words: string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...who, ...words], { cwd: root ?? undefined, stdio: 'ignore' })
}

function commit(files: Record<string, string | Uint8Array | null>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root ?? '', path)
    mkdirSync(dirname(file), { recursive: true })
    if (content === null) rmSync(file)
    else writeFileSync(file, content)
  }
  git('add', '-A')
  git('commit', '-qm', 'change')
}

it('takes commits that change two text files, with all the project as it was before', () => {
  root = mkdtempSync(join(tmpdir(), 'slipstream-across-'))
  git('init', '-q')
  commit({ 'a.js': 'a\n', 'b/b.js': 'b\n', 'gone.js': 'g\n', 'kept.js': 'k\n', 'picture.bin': Uint8Array.from([0, 1]) })
  commit({ 'a.js': 'alone\n' })
  commit({
    'a.js': 'a2\n',
    'b/b.js': 'b2\n',
    'gone.js': null,
    'fresh.js': 'f\n',
    'picture.bin': Uint8Array.from([0, 2]),
  })
  const [found, ...others] = casesAcross(root, 10)
  expect(others).toEqual([])
  expect(found?.files).toEqual([
    { path: 'a.js', before: 'alone\n', after: 'a2\n' },
    { path: 'b/b.js', before: 'b\n', after: 'b2\n' },
  ])
  // What the commit takes away is gone, what it adds is not there yet.
  expect([...(found?.project ?? [])]).toEqual([
    ['a.js', 'alone\n'],
    ['b/b.js', 'b\n'],
    ['kept.js', 'k\n'],
  ])
})

it('takes the newest so many', () => {
  root = mkdtempSync(join(tmpdir(), 'slipstream-across-'))
  git('init', '-q')
  for (const round of [1, 2, 3]) commit({ 'a.js': `a${round}\n`, 'b.js': `b${round}\n` })
  expect([...casesAcross(root, 1)].map(({ files }) => files[0]?.after)).toEqual(['a3\n'])
  expect([...casesAcross(root, 9)]).toHaveLength(2)
})

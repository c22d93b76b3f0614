// Cases for the edit replay: from JSON lines, or from any git history.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { kindOf, type Case } from './protocol.ts'

/** As in published sets: so many of each kind. */
const OF_EACH_KIND = 60
const MAX_COMMITS = 5_000
const MAX_CHARACTERS = 200_000
const MAX_BUFFER = 256 * 1024 * 1024

/** JSON lines as `Case` says. Throws when the file cannot be read; lines that are no case are left out. */
export function casesFromFile(file: string): readonly Case[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const value: unknown = line.trim() === '' ? null : JSON.parse(line)
      return isCase(value) ? [value] : []
    })
}

function isCase(value: unknown): value is Case {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  const isText = (name: string): boolean =>
    name in value && typeof Object.entries(value).find(([key]) => key === name)?.[1] === 'string'
  return (
    (value.kind === 'repeat' || value.kind === 'mixed') && ['repo', 'commit', 'path', 'before', 'after'].every(isText)
  )
}

/** The newest changes of single files that make a case, from the history of this working tree or bare repository. */
export function casesFromHistory(repository: string): readonly Case[] {
  const repo = basename(resolve(repository))
  const found: Record<Case['kind'], Case[]> = { repeat: [], mixed: [] }
  for (const { commit, path } of modifications(repository)) {
    if (found.repeat.length >= OF_EACH_KIND && found.mixed.length >= OF_EACH_KIND) break
    const before = contentOf(repository, `${commit}^`, path)
    const after = contentOf(repository, commit, path)
    if (before === null || after === null) continue
    const kind = kindOf(before, after)
    if (kind !== null && found[kind].length < OF_EACH_KIND)
      found[kind].push({ repo, commit, path, kind, before, after })
  }
  return [...found.repeat, ...found.mixed]
}

function modifications(repository: string): readonly { readonly commit: string; readonly path: string }[] {
  const log = git(repository, [
    'log',
    '--no-merges',
    '--no-renames',
    '--diff-filter=M',
    `--max-count=${MAX_COMMITS}`,
    '--format=%x00%H',
    '--name-only',
    '-z',
  ])
  // Each commit is "\0HASH\0\nFIRST\0SECOND\0…": hashes and paths are told apart by the empty field before a hash.
  const fields = log.split('\0')
  let commit = ''
  return fields.flatMap((field, index) => {
    const isHash = /^[\da-f]{40,64}$/.test(field) && fields[index - 1] === ''
    if (isHash) commit = field
    const path = field.replace(/^\n/, '')
    return isHash || path === '' ? [] : [{ commit, path }]
  })
}

/** null for what cannot be read as text, or is too long. */
function contentOf(repository: string, commit: string, path: string): string | null {
  try {
    const text = git(repository, ['show', `${commit}:${path}`])
    return text.length > MAX_CHARACTERS || text.includes('\0') || text.includes('\uFFFD') ? null : text
  } catch {
    return null
  }
}

function git(repository: string, words: readonly string[]): string {
  return execFileSync('git', ['-C', repository, ...words], {
    encoding: 'utf8',
    maxBuffer: MAX_BUFFER,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

// Cases for the replay across files: commits of a git history that change several files, and the whole project as it was before.
import { execFileSync } from 'node:child_process'
import { basename, resolve } from 'node:path'

/** One commit's changes of text files that stood there before and after, and all other text files before it. */
export interface AcrossCase {
  readonly repo: string
  readonly commit: string
  /** In order of their paths. */
  readonly files: readonly ChangedFile[]
  /** Every text file of the project before the commit, by path, without those that the commit takes away. */
  readonly project: ReadonlyMap<string, string>
}

export interface ChangedFile {
  readonly path: string
  readonly before: string
  readonly after: string
}

/** A commit of more files is a sweep that nobody made by hand. */
const MOST_FILES = 60
const MAX_CHARACTERS = 200_000
const MOST_PROJECT_FILES = 20_000
const MAX_BUFFER = 1024 * 1024 * 1024

/** The newest `most` commits that make a case. Throws when git does not know the repository. */
export function* casesAcross(repository: string, most: number): Generator<AcrossCase> {
  const repo = basename(resolve(repository))
  const texts = new Texts(repository)
  let count = 0
  for (const commit of git(repository, ['log', '--no-merges', '--format=%H']).split('\n')) {
    if (count >= most || commit === '') return
    const found = caseOf(repository, repo, commit, texts)
    if (found === null) continue
    count += 1
    yield found
  }
}

function caseOf(repository: string, repo: string, commit: string, texts: Texts): AcrossCase | null {
  const changed = changesOf(repository, commit)
  const modified = changed.filter(({ status }) => status === 'M')
  if (modified.length < 2 || modified.length > MOST_FILES) return null
  const tree = treeOf(repository, `${commit}^`)
  if (tree.length > MOST_PROJECT_FILES) return null
  texts.load([...tree.map(({ blob }) => blob), ...modified.map(({ blob }) => blob)])
  const project = new Map<string, string>()
  for (const { path, blob } of tree) {
    const text = texts.get(blob)
    if (text !== null) project.set(path, text)
  }
  const files = modified.flatMap(({ path, blob }): ChangedFile[] => {
    const [before, after] = [project.get(path), texts.get(blob)]
    return before === undefined || after === null || before === after ? [] : [{ path, before, after }]
  })
  for (const { path, status } of changed) if (status === 'D') project.delete(path)
  return files.length < 2 ? null : { repo, commit, files, project }
}

interface Changed {
  readonly status: string
  readonly path: string
  /** What it is after the commit. */
  readonly blob: string
}

/** Empty for a commit without a parent. */
function changesOf(repository: string, commit: string): readonly Changed[] {
  const fields = git(repository, ['diff-tree', '-r', '-z', '--no-renames', '--no-commit-id', commit]).split('\0')
  const found: Changed[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , , blob = '', status = ''] = (fields[at] ?? '').split(' ')
    found.push({ status, path: fields[at + 1] ?? '', blob })
  }
  return found
}

function treeOf(repository: string, commit: string): readonly { readonly path: string; readonly blob: string }[] {
  return git(repository, ['ls-tree', '-r', '-z', commit])
    .split('\0')
    .flatMap((entry) => {
      const [, mode, blob, path] = /^(\d+) blob ([\da-f]+)\t([^]*)$/.exec(entry) ?? []
      return mode === undefined || mode === '120000' || blob === undefined || path === undefined ? [] : [{ path, blob }]
    })
}

/** Contents by the name of their blob; each is read once. */
class Texts {
  private readonly known = new Map<string, string | null>()
  private readonly repository: string

  constructor(repository: string) {
    this.repository = repository
  }

  /** null for what is no text, or too long. */
  get(blob: string): string | null {
    return this.known.get(blob) ?? null
  }

  load(blobs: readonly string[]): void {
    const wanted = [...new Set(blobs)].filter((blob) => !this.known.has(blob))
    if (wanted.length === 0) return
    const output = execFileSync('git', ['-C', this.repository, 'cat-file', '--batch'], {
      input: `${wanted.join('\n')}\n`,
      maxBuffer: MAX_BUFFER,
    })
    let at = 0
    for (const blob of wanted) {
      const newline = output.indexOf(10, at)
      const size = Number(output.subarray(at, newline).toString().split(' ')[2] ?? 0)
      const bytes = output.subarray(newline + 1, newline + 1 + size)
      const text = size > MAX_CHARACTERS || bytes.includes(0) ? null : bytes.toString()
      this.known.set(blob, text === null || text.includes('\uFFFD') ? null : text)
      at = newline + 1 + size + 1
    }
  }
}

function git(repository: string, words: readonly string[]): string {
  return execFileSync('git', ['-C', repository, ...words], {
    encoding: 'utf8',
    maxBuffer: MAX_BUFFER,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

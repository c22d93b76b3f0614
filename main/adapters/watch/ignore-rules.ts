// Which paths of a project are kept out: built-in names, .gitignore files as git reads them, .slipstreamignore files, settings.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { errorCode } from '../files/errno.ts'
import { isAlwaysOut, isMachineMadeFile, isMachineMadeFolder } from './machine-made.ts'

/** `unknown`: kept out only if it would be as either. */
export type Kind = 'file' | 'folder' | 'unknown'

export interface IgnoreRules {
  /** `path`: relative to the project, with `/`. Reads the ignore files on its way the first time it passes them. */
  ignores(path: string, kind: Kind): boolean
  /** Ignore files outside the project that count in it (those of the repository around it, and its `info/exclude`). */
  outerFiles(): readonly string[]
}

const GIT_FILE = '.gitignore'
const OWN_FILE = '.slipstreamignore'

/** Copies of a rule set are dropped after this many questions: `ignore` remembers each answer for ever. */
const ANSWERS_KEPT = 2048

/** git folds case where the file system does (core.ignorecase, which `git init` sets by trying). */
const FOLDS_CASE = process.platform === 'win32' || process.platform === 'darwin'

export function isIgnoreFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === GIT_FILE || name === OWN_FILE
}

/** Rules in force within one folder: its own files' and all above it. */
interface Rules {
  readonly git: Ignore
  /** .slipstreamignore files; the settings' patterns come after them. */
  readonly own: Ignore
  readonly asks: Asks
}

interface Asks {
  /** What all rules say: the own ones last, so they win over git's. */
  ignored(path: string): boolean
  /** The own rules bring this very path back. */
  broughtBack(path: string): boolean
}

interface FolderState {
  readonly ignored: boolean
  readonly rules: Rules
}

/**
 * Layers, the stronger first: repositories' own folders and our temporary files, always out; the settings' patterns and the
 * .slipstreamignore files, which may also bring back (`!name`) what follows; built-in names of machine-made things; the
 * .gitignore files and `info/exclude`, with git's precedence (deeper wins, later line wins, nothing comes back below a
 * folder that is out). Matching is the `ignore` package's; each nested file's patterns are anchored to its folder, so that one
 * rule set per folder holds them all in order (gitignore(5)).
 */
export function createIgnoreRules(root: string, excludes: readonly string[]): IgnoreRules {
  const repository = findRepository(root)
  const folders = new Map<string, FolderState>()

  /** Paths in rule sets are relative to the repository's top, whose .gitignore counts also in a project below it. */
  const fromTop = (path: string): string => repository.prefix + path

  function rootRules(): Rules {
    const own = ignore({ ignorecase: FOLDS_CASE })
    return withFilesOf('', { git: outerRules(repository), own, asks: NOTHING_ASKED })
  }

  /** The rules within a folder, given those around it: the very same object when it adds none. */
  function withFilesOf(folder: string, around: Rules): Rules {
    const anchor = fromTop(folder === '' ? '' : `${folder}/`)
    const git = anchored(textOf(join(root, folder, GIT_FILE)), anchor)
    const own = anchored(textOf(join(root, folder, OWN_FILE)), anchor)
    if (git.length === 0 && own.length === 0 && around.asks !== NOTHING_ASKED) return around
    const rules = { git: joined(around.git, git), own: joined(around.own, own) }
    return { ...rules, asks: createAsks(rules.git, joined(rules.own, anchored(excludes.join('\n'), fromTop('')))) }
  }

  function stateOf(folder: string): FolderState {
    const known = folders.get(folder)
    if (known) return known
    const state = folder === '' ? { ignored: false, rules: rootRules() } : stateBelowRoot(folder)
    folders.set(folder, state)
    return state
  }

  function stateBelowRoot(folder: string): FolderState {
    const around = stateOf(parentOf(folder))
    if (around.ignored || decides(folder, 'folder', around.rules)) return { ignored: true, rules: around.rules }
    return { ignored: false, rules: withFilesOf(folder, around.rules) }
  }

  /** About the path itself, whose folder is not ignored. */
  function decides(path: string, kind: 'file' | 'folder', rules: Rules): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (isAlwaysOut(name)) return true
    const question = fromTop(kind === 'folder' ? `${path}/` : path)
    const beside = (other: string): boolean => existsSync(join(root, parentOf(path), other))
    const machineMade = kind === 'folder' ? isMachineMadeFolder(name, beside) : isMachineMadeFile(name)
    if (machineMade && !rules.asks.broughtBack(question)) return true
    return rules.asks.ignored(question)
  }

  return {
    ignores(path, kind) {
      if (path === '') return false
      const around = stateOf(parentOf(path))
      if (around.ignored) return true
      const asFile = kind !== 'folder' && decides(path, 'file', around.rules)
      if (kind === 'file' || (kind === 'unknown' && !asFile)) return asFile
      // Not remembered for a path of unknown kind: ignored files without number would be kept as folders.
      return kind === 'folder' ? stateOf(path).ignored : decides(path, 'folder', around.rules)
    },
    outerFiles: () => [
      ...(repository.excludeFile === null ? [] : [repository.excludeFile]),
      ...repository.outerFolders.map((folder) => join(repository.top, folder, GIT_FILE)),
    ],
  }
}

const NOTHING_ASKED: Asks = { ignored: () => false, broughtBack: () => false }

function createAsks(git: Ignore, own: Ignore): Asks {
  let all = joined(git, own)
  let alone = joined(own, [])
  let answers = 0
  const forget = (): void => {
    answers += 1
    if (answers % ANSWERS_KEPT !== 0) return
    all = joined(all, [])
    alone = joined(alone, [])
  }
  return {
    ignored(path) {
      forget()
      return all.ignores(path)
    },
    broughtBack(path) {
      forget()
      return alone.test(path).unignored
    },
  }
}

/** A new rule set; compiled rules are shared with the given one, remembered answers are not. */
function joined(rules: Ignore, more: readonly string[] | Ignore): Ignore {
  return ignore({ ignorecase: FOLDS_CASE }).add(rules).add(more)
}

// The lines of an ignore file, anchored to its folder: `name` becomes `/folder/**/name`; `/name` and `a/b` become
// `/folder/name` and `/folder/a/b`. `folder` is empty or ends with `/`.
export function anchored(text: string, folder: string): readonly string[] {
  const prefix = `/${folder.replace(/[\\*?[\] ]/gu, '\\$&')}`
  return text
    .replace(/^\uFEFF/u, '')
    .split('\n')
    .flatMap((raw) => {
      const line = raw.replace(/\r$/u, '')
      if (line === '' || line.startsWith('#')) return []
      const negative = line.startsWith('!')
      const body = negative ? line.slice(1) : line
      // Escaped trailing spaces belong to the pattern, others do not; what remains decides where the slashes are.
      const bare = body.replace(/(?<!\\) +$/u, '').replace(/\/$/u, '')
      if (bare === '') return []
      const anchoredBody = bare.startsWith('/') ? body.slice(1) : bare.includes('/') ? body : `**/${body}`
      return [`${negative ? '!' : ''}${prefix}${anchoredBody}`]
    })
}

interface Repository {
  /** Absolute path of the work tree's top, or of the project when it is in none. */
  readonly top: string
  /** The project's path from there; empty or ends with `/`. */
  readonly prefix: string
  /** Folders from the top down to the project, without it, relative to the top. */
  readonly outerFolders: readonly string[]
  readonly excludeFile: string | null
}

function findRepository(root: string): Repository {
  const alone = { top: root, prefix: '', outerFolders: [] }
  for (let top = root; ; top = dirname(top)) {
    const excludeFile = excludeFileOf(join(top, '.git'))
    if (excludeFile !== null) {
      const prefix = top === root ? '' : `${relative(top, root).split(sep).join('/')}/`
      const outerFolders = prefix === '' ? [] : foldersAbove(prefix)
      const found = { top, prefix, outerFolders, excludeFile }
      // Somebody opened a folder that its repository ignores: then they do want it watched.
      return prefix !== '' && outerRules(found).ignores(prefix) ? { ...alone, excludeFile: null } : found
    }
    if (top === dirname(top)) return { ...alone, excludeFile: null }
  }
}

/** `a/b/` → '', 'a'. */
function foldersAbove(prefix: string): readonly string[] {
  const names = prefix.split('/').slice(0, -1)
  return names.map((_name, depth) => names.slice(0, depth).join('/'))
}

/** What holds in the project before its own ignore files are read. */
function outerRules(repository: Repository): Ignore {
  const git = ignore({ ignorecase: FOLDS_CASE }).add(anchored(textOf(repository.excludeFile), ''))
  for (const folder of repository.outerFolders) {
    git.add(anchored(textOf(join(repository.top, folder, GIT_FILE)), folder === '' ? '' : `${folder}/`))
  }
  return git
}

/** `info/exclude` of the repository whose `.git` this is; a linked work tree's `.git` is a file that names its folder. */
function excludeFileOf(dotGit: string): string | null {
  if (!existsSync(dotGit)) return null
  if (statSync(dotGit).isDirectory()) return join(dotGit, 'info', 'exclude')
  const named = /^gitdir: (.+?)\s*$/u.exec(textOf(dotGit))?.[1]
  if (named === undefined) return null
  const gitFolder = resolve(dirname(dotGit), named)
  const common = textOf(join(gitFolder, 'commondir')).trim()
  return join(resolve(gitFolder, common), 'info', 'exclude')
}

/** Empty when there is none, or none that can be read. */
function textOf(file: string | null): string {
  if (file === null || !existsSync(file)) return ''
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === '') throw error
    return ''
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

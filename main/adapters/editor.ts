// Opens a file of the project in the person's editor, at a line: by their own command, or by the first known editor found.
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { delimiter, join, sep } from 'node:path'
import type { Failure, Result } from '../../preload/contract.ts'

export interface Editor {
  /** `path` is relative to the project, `line` 1-based. Failures: `outside`, `absent`, `editor` (none found, or it did not start). */
  open(path: string, line: number, signal: AbortSignal): Promise<Result<null>>
}

export interface EditorOptions {
  /** Words of a command with `{file}` and `{line}`; empty: the first known editor on PATH. */
  readonly command: () => string
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** In the order in which they are looked for. Each word is one argument: nothing passes a shell. */
const KNOWN: readonly (readonly string[])[] = [
  ['code', '-g', '{file}:{line}'],
  ['cursor', '-g', '{file}:{line}'],
  ['zed', '{file}:{line}'],
  ['subl', '{file}:{line}'],
  ['idea', '--line', '{line}', '{file}'],
  ['emacsclient', '-n', '+{line}', '{file}'],
]

/** How long to watch whether the command starts at all; ms. */
const START_MS = 300

export function createEditor(root: string, options: EditorOptions): Editor {
  const environment = options.environment ?? process.env
  return {
    async open(path, line, signal) {
      const file = await inside(root, path)
      if (!file.ok) return file
      const words = wordsOf(options.command(), environment)
      if (words === null) {
        return fail('editor', 'no editor found: name its command in the settings, as in `code -g {file}:{line}`')
      }
      // One pass over the template's own words: a file that is called `{line}` stays one.
      const filled = words.map((word) =>
        word.replaceAll(/\{(file|line)\}/g, (_, name) => (name === 'file' ? file.value : String(line))),
      )
      return start(filled, environment, signal)
    },
  }
}

async function inside(root: string, path: string): Promise<Result<string>> {
  try {
    const [top, file] = await Promise.all([realpath(root), realpath(join(root, path))])
    if (file.startsWith(top + sep)) return { ok: true, value: file }
    return fail('outside', `${path} is outside the project`)
  } catch {
    return fail('absent', `there is no file ${path} any more`)
  }
}

function wordsOf(command: string, environment: EditorOptions['environment']): readonly string[] | null {
  const given = command.split(/\s+/).filter(Boolean)
  if (given.length > 0) return given.some((word) => word.includes('{file}')) ? given : [...given, '{file}']
  // A shell inside Neovim tells where its server listens.
  const server = environment?.['NVIM'] ?? ''
  if (server !== '') return ['nvim', '--server', server, '--remote', '{file}']
  return KNOWN.find(([name = '']) => isOnPath(name, environment)) ?? null
}

function isOnPath(name: string, environment: EditorOptions['environment']): boolean {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  return (environment?.['PATH'] ?? '').split(delimiter).some((folder) =>
    suffixes.some((suffix) => {
      try {
        accessSync(join(folder, name + suffix), constants.X_OK)
        return folder !== ''
      } catch {
        return false
      }
    }),
  )
}

function start(
  words: readonly string[],
  environment: EditorOptions['environment'],
  signal: AbortSignal,
): Promise<Result<null>> {
  const [program = '', ...rest] = words
  return new Promise((resolve) => {
    const child = spawn(program, rest, { env: { ...environment }, detached: true, stdio: 'ignore' })
    const settle = (result: Result<null>): void => {
      clearTimeout(limit)
      child.unref()
      resolve(result)
    }
    const limit = setTimeout(() => settle({ ok: true, value: null }), START_MS)
    child.once('error', (error) => settle(fail('editor', `${program} did not start: ${error.message}`)))
    child.once('exit', (code) =>
      settle(code === 0 || code === null ? { ok: true, value: null } : fail('editor', `${program} ended with ${code}`)),
    )
    signal.addEventListener('abort', () => settle({ ok: true, value: null }), { once: true })
  })
}

function fail(code: string, message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message } }
}

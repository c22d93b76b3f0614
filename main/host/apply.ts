// `slipstream apply`: places a model's reply or a patch text with the window's own parser and locator, and writes it, whole or not at all.
import { readFile, realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { createFiles } from '../adapters/files/files.ts'
import type { Files, FileWrite } from '../core/ports.ts'
import { resolveReply } from '../core/reply.ts'
import { printable, refuse, type Console } from './console.ts'
import { parseOptions, wrong } from './options.ts'
import type { Failure, Result } from '../../preload/contract.ts'

/** Larger than the watcher's cap: here somebody names the file. */
const MAX_FILE_BYTES = 64_000_000

interface AppliedHunk {
  readonly path: string
  readonly outcome: 'applied' | 'unplaced' | 'refused'
  /** One line; null when it was applied. */
  readonly reason: string | null
  /** The lines that were replaced, of the text before: 1-based, end exclusive. */
  readonly start: number
  readonly end: number
}

export interface Applied {
  readonly ok: boolean
  readonly hunks: readonly AppliedHunk[]
}

/** `words` are those after `apply`. Exit codes: 0 everything was written; 1 nothing was; 2 wrong arguments. */
export async function runApply(words: readonly string[], console: Console, signal: AbortSignal): Promise<number> {
  const parsed = parseOptions(words, {
    root: { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  })
  const checked =
    parsed.ok && parsed.value.positionals.length !== 1 ? wrong('`slipstream apply` needs one FILE, or -') : parsed
  if (!checked.ok) {
    refuse(console, checked.failure.message)
    return 2
  }
  const { values, positionals } = checked.value
  const source = positionals[0] ?? '-'
  const root = await realpath(resolve(console.cwd, values.root ?? '.')).catch(() => null)
  if (root === null) {
    refuse(console, `There is no folder ${values.root ?? '.'}.`)
    return 1
  }
  const reply = await readSource(source, console)
  if (reply === null) {
    refuse(console, `${source} cannot be read.`)
    return 1
  }
  const files = createFiles(root, { maxBytes: () => MAX_FILE_BYTES })
  const applied = await applyReply(reply, { root, files, dryRun: values['dry-run'] === true }, signal)
  if (values.json === true) await console.out(JSON.stringify(applied))
  else if (applied.hunks.length === 0) refuse(console, 'There is no patch in it.')
  else for (const hunk of applied.hunks) await console.out(line(hunk))
  return applied.ok ? 0 : 1
}

async function readSource(source: string, console: Console): Promise<string | null> {
  if (source !== '-') return readFile(resolve(console.cwd, source), 'utf8').catch(() => null)
  const parts: Uint8Array[] = []
  for await (const part of console.input) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString('utf8')
}

function line({ path, outcome, reason, start, end }: AppliedHunk): string {
  const place = outcome === 'applied' ? `${path}:${start}${end > start + 1 ? `-${end - 1}` : ''}` : path
  return printable(`${outcome} ${place}${reason === null ? '' : `: ${reason}`}`)
}

/**
 * Works out the whole reply before anything is written. Every hunk has a place, or nothing is written; when one of
 * several files cannot be written, those before it get their former content back.
 */
export async function applyReply(
  reply: string,
  target: { readonly root: string; readonly files: Files; readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<Applied> {
  const known = await gather(reply, target, signal)
  const resolved = resolveReply(reply, (path) => known.get(path)?.text ?? null)
  const hunks = resolved.hunks.map((hunk): AppliedHunk => {
    const reason = known.get(hunk.path)?.skipped ?? null
    return reason === null ? hunk : { ...hunk, outcome: 'refused', reason }
  })
  const ok = resolved.ok && hunks.every(({ outcome }) => outcome === 'applied')
  if (!ok)
    return { ok, hunks: hunks.map((hunk) => held(hunk, 'nothing is written, because another hunk has no place')) }
  if (target.dryRun) return { ok, hunks }
  const writes = resolved.writes.map(({ path, after }) => ({
    write: { path: inProject(path, target.root), expected: known.get(path)?.hash ?? null, after },
    before: known.get(path)?.text ?? null,
  }))
  signal.throwIfAborted()
  const written = await writeAll(target.files, writes)
  if (written.ok) return { ok, hunks }
  return { ok: false, hunks: hunks.map((hunk) => held(hunk, written.failure.message)) }
}

/** A hunk that has its place but was not written after all. */
function held(hunk: AppliedHunk, reason: string): AppliedHunk {
  return hunk.outcome === 'applied' ? { ...hunk, outcome: 'refused', reason } : hunk
}

/** What stands at a path: a text with its hash, nothing (both null), or something that is not worked on. */
interface Known {
  readonly text: string | null
  readonly hash: string | null
  readonly skipped: string | null
}

/** Reads every file that the reply is about. Which those are comes out by resolving it with what is known so far. */
async function gather(
  reply: string,
  target: { readonly root: string; readonly files: Files },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>()
  for (;;) {
    const missing = new Set<string>()
    const resolved = resolveReply(reply, (path) => {
      const there = known.get(path)
      if (there === undefined) missing.add(path)
      return there?.text ?? null
    })
    for (const { path } of resolved.writes) if (!known.has(path)) missing.add(path)
    if (missing.size === 0) return known
    for (const path of missing) {
      const outcome = await target.files.read(inProject(path, target.root), { formerSize: null }, signal)
      if (outcome.kind === 'text') known.set(path, { text: outcome.text, hash: outcome.hash, skipped: null })
      else known.set(path, { text: null, hash: null, skipped: outcome.kind === 'skipped' ? outcome.reason : null })
    }
  }
}

/** Models name files absolutely now and then; those inside the project are meant to be there. */
function inProject(path: string, root: string): string {
  return path.startsWith(root + sep)
    ? path
        .slice(root.length + 1)
        .split(sep)
        .join('/')
    : path
}

interface PlannedWrite {
  readonly write: FileWrite
  /** null: the file did not exist. */
  readonly before: string | null
}

/** Once begun it is brought to an end, this or that way: half a patch would be worse than a late answer to Ctrl-C. */
async function writeAll(files: Files, writes: readonly PlannedWrite[]): Promise<Result<null>> {
  const { signal } = new AbortController()
  const done: FileWrite[] = []
  for (const { write, before } of writes) {
    const written = await files.write(write, signal)
    if (!written.ok) return { ok: false, failure: await takeBack(files, done, written.failure, signal) }
    done.push({ path: write.path, expected: written.value.hash, after: before })
  }
  return { ok: true, value: null }
}

/** Undoes what was written, last first. Answers the failure to report: the first one, and what could not be undone. */
async function takeBack(
  files: Files,
  undo: readonly FileWrite[],
  failure: Failure,
  signal: AbortSignal,
): Promise<Failure> {
  const stuck: string[] = []
  for (const write of undo.toReversed()) {
    const undone = await files.write(write, signal)
    if (!undone.ok) stuck.push(`${write.path} (${undone.failure.message})`)
  }
  if (stuck.length === 0) return failure
  return { ...failure, message: `${failure.message} And these could not be taken back: ${stuck.join(', ')}` }
}

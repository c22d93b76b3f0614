// Runs hostile replies through parser, locator and applier: nothing throws, and no byte outside of the accepted hunks changes.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createReplyParser, type ParsedHunk, type ReplyEvent } from '../../main/core/edits/parser.ts'
import { applyEdits, type LineEdit } from '../../main/core/patch.ts'
import { placeHunk, resolveReply, type ResolvedHunk } from '../../main/core/reply.ts'
import { splitText } from '../../main/core/text.ts'
import { runApply } from '../../main/host/apply.ts'
import type { Outcome } from '../crash/outcome.ts'
import { createConsole } from '../fakes/console.ts'
import { makeCase, type Case, type Random } from './replies.ts'

/** Every so many cases go to real files as well; and are parsed in pieces of random length. */
const ON_DISK = 5_000
const IN_PIECES = 16
const MOST_FAILURES = 20

interface Counts {
  placed: number
  unplaced: number
  refused: number
  files: number
  disk: number
}

/** Ends before `runs` when the time is up. `untilMs`: by `performance.now()`. */
export async function fuzz(runs: number, random: Random, untilMs = Infinity): Promise<Outcome> {
  const counts: Counts = { placed: 0, unplaced: 0, refused: 0, files: 0, disk: 0 }
  const failures: string[] = []
  let done = 0
  for (; done < runs && failures.length < MOST_FAILURES; done += 1) {
    if (done % 1024 === 0 && performance.now() > untilMs) break
    const one = makeCase(random)
    try {
      check(one, done % IN_PIECES === 0 ? random : null, counts)
      if (done % ON_DISK === 0) await onDisk(one, counts)
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      failures.push(`${cause}: ${JSON.stringify({ files: [...one.files], reply: one.reply })}`)
    }
  }
  const notes =
    `hunks: ${counts.placed} placed, ${counts.unplaced} unplaced, ${counts.refused} refused; ` +
    `${counts.files} files changed; ${counts.disk} replies on real files`
  return { what: 'hostile replies', runs: done, failures, notes }
}

function check({ files, reply }: Case, random: Random | null, counts: Counts): void {
  const parser = createReplyParser()
  const events = [...parser.push(reply), ...parser.end({ cut: false })]
  if (random !== null) checkPieces(reply, events, random)
  for (const event of events) if (event.type === 'hunk') checkPlace(event.hunk, files.get(event.hunk.path))
  const resolved = resolveReply(reply, (path) => files.get(path) ?? null)
  for (const { outcome } of resolved.hunks) {
    if (outcome === 'applied') counts.placed += 1
    else counts[outcome] += 1
  }
  if (!resolved.ok && resolved.writes.length > 0) throw new Error('it writes, but not every hunk is placed')
  for (const { path, before, after } of resolved.writes) {
    counts.files += 1
    if (before !== (files.get(path) ?? null)) throw new Error(`another content was taken for that of ${path}`)
    // What a reply deletes, or moves away, and adds again has nothing outside: the old content went as a whole.
    const anew = events.some((event) => event.type === 'hunk' && event.hunk.path === path && goesAway(event.hunk))
    if (before !== null && after !== null && !anew) checkOutside(before, after, rangesOf(resolved.hunks, path))
  }
}

function goesAway({ kind, path, moveTo }: ParsedHunk): boolean {
  return kind === 'delete' || (moveTo !== null && moveTo !== path)
}

function checkPieces(reply: string, whole: readonly ReplyEvent[], random: Random): void {
  const parser = createReplyParser()
  const events: ReplyEvent[] = []
  for (let at = 0; at < reply.length;) {
    const to = at + 1 + Math.floor(random() * 20)
    events.push(...parser.push(reply.slice(at, to)))
    at = to
  }
  events.push(...parser.end({ cut: false }))
  if (JSON.stringify(events) !== JSON.stringify(whole)) throw new Error('in pieces it reads otherwise')
  const cut = createReplyParser()
  cut.push(reply)
  cut.end({ cut: true })
}

/** As the window places a hunk: the smallest edits. */
function checkPlace(hunk: ParsedHunk, text: string | undefined): void {
  if (hunk.kind === 'add' || hunk.kind === 'delete' || text === undefined) return
  const place = placeHunk(splitText(text).lines, hunk, { near: null, after: null })
  if (place.ok) checkOutside(text, applyEdits(text, place.edits), place.edits)
}

/** 1-based, end exclusive, in order. */
function rangesOf(hunks: readonly ResolvedHunk[], path: string): readonly Pick<LineEdit, 'start' | 'end'>[] {
  return hunks.filter((hunk) => hunk.path === path && hunk.outcome === 'applied')
}

/** Each run of lines outside of the ranges stands in the result, in order, with its ends; the last one may lose or gain its own. */
function checkOutside(before: string, after: string, ranges: readonly Pick<LineEdit, 'start' | 'end'>[]): void {
  const { bom, lines, terminators } = splitText(before)
  const runs: string[] = []
  let at = 1
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < 1 || end < start || end > lines.length + 1)
      throw new Error(`lines ${start} to ${end} are not in the file`)
    if (start > at) runs.push(runOf(at, start))
    else if (runs.length === 0) runs.push('')
    at = Math.max(at, end)
  }
  runs.push(runOf(at, lines.length + 1))
  if (!after.startsWith(bom)) throw new Error('the byte order mark has changed')
  let from = bom.length
  for (const [index, run] of runs.entries()) {
    const found = index === 0 ? (after.startsWith(run, from) ? from : -1) : after.indexOf(run, from)
    if (found < 0) throw new Error(`lines outside of its hunks have changed: ${JSON.stringify(run)}`)
    from = found + run.length
  }

  function runOf(start: number, end: number): string {
    let run = ''
    for (let line = start; line < end; line += 1) {
      // Only the end of the last line of a run may come or go: that of a text which loses or gains lines behind it.
      run += (lines[line - 1] ?? '') + (line === end - 1 ? '' : (terminators[line - 1] ?? ''))
    }
    return run
  }
}

/** Through the command, on real files, with others around the project that nothing may touch. */
async function onDisk({ files, reply }: Case, counts: Counts): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-fuzz-')))
  try {
    const root = join(home, 'project')
    const sentinels = [join(home, 'out.ts'), join(root, '.git', 'config')]
    const contents = [...files].map(([path, text]) => [join(root, path), text] as const)
    for (const file of sentinels) contents.push([file, 'untouched\n'])
    for (const [file, text] of contents) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    const around = readdirSync(home).join()
    const console = createConsole({ cwd: root, input: [reply] })
    const code = await runApply(['-', '--json'], console, new AbortController().signal)
    for (const file of sentinels) {
      if (readFileSync(file, 'utf8') !== 'untouched\n') throw new Error(`it wrote to ${file}`)
    }
    if (readdirSync(home).join() !== around || existsSync(join(root, '.git', 'x'))) throw new Error('it wrote outside')
    if (code !== 0) {
      for (const [path, text] of files) {
        if (existsSync(join(root, path)) && readFileSync(join(root, path)).equals(Buffer.from(text))) continue
        throw new Error(`it was refused, and ${path} has changed`)
      }
    }
    counts.disk += 1
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

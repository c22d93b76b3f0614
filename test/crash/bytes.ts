// Random files, edits, encodings and line endings beside other writers: bytes outside the edits stay, and no save is lost.
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import iconv from 'iconv-lite'
import { encodeText } from '../../main/adapters/files/encoding.ts'
import { createFiles, type OpenFiles } from '../../main/adapters/files/files.ts'
import { applyEdits, type LineEdit } from '../../main/core/patch.ts'
import type { FileWrite, OvertakenSave, TextContent } from '../../main/core/ports.ts'
import { splitText } from '../../main/core/text.ts'
import type { Outcome } from './outcome.ts'

type Random = () => number

interface Sample {
  readonly encoding: string
  readonly bytes: Buffer
  /** Letters beyond ASCII that its encoding has. */
  readonly letters: readonly string[]
}

const LETTERS: Readonly<Record<string, readonly string[]>> = {
  'utf-8': ['é', '表', '😀', '\u2028', '\u0085'],
  'utf-16le': ['é', '表', '😀'],
  'utf-16be': ['é', '表', '😀'],
  'windows-1252': ['é', 'ß', '“', '€'],
  'windows-1251': ['д', 'л', 'и', 'н', 'а'],
  'windows-1250': ['ł', 'ż', 'ó', 'ą'],
  'iso-8859-1': ['é', 'ü', '§'],
  shift_jis: ['表', '示', 'ソ', 'の', 'です'],
  gbk: ['长', '度', '元', '素'],
  big5: ['計', '算', '功', '許'],
}
const WIDE = new Set(['utf-8', 'utf-16le', 'utf-16be'])
const ENDINGS = ['\n', '\r\n', '\r', '\n\r']
const WORKERS = 8
/** Others save at any instant between the start of the write and this. */
const LONGEST_MS = 25
const KEEP_MS = 40
const NEVER = new AbortController().signal

export async function keepBytes(runs: number, random: Random): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'slipstream-bytes-'))
  const files = createFiles(root, { maxBytes: () => 10_000_000, keepMs: KEEP_MS })
  const failures: string[] = []
  const counts = { written: 0, refused: 0, overtaken: 0 }
  let next = 0
  const worker = async (): Promise<void> => {
    for (let run = next; run < runs; run = next) {
      next += 1
      const sample = makeSample(random)
      const outcome = await (random() < 0.4
        ? besideAWriter(root, files, `f${run}.txt`, sample, random)
        : alone(root, files, `f${run}.txt`, sample, random))
      if (outcome.problem !== null) failures.push(`run ${run}, ${sample.encoding}: ${outcome.problem}`)
      counts[outcome.end] += 1
      rmSync(join(root, `f${run}.txt`), { force: true })
    }
  }
  try {
    await Promise.all(Array.from({ length: WORKERS }, worker))
    await files.close()
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  const notes = `${counts.written} written, ${counts.refused} refused, ${counts.overtaken} met another writer`
  return { what: 'bytes', runs, failures, notes }
}

interface End {
  readonly end: 'written' | 'refused' | 'overtaken'
  readonly problem: string | null
}

async function alone(root: string, files: OpenFiles, path: string, sample: Sample, random: Random): Promise<End> {
  const file = join(root, path)
  writeFileSync(file, sample.bytes)
  const content = await files.read(path, { formerSize: null }, NEVER)
  const edit = content.kind === 'text' ? makeEdit(path, content, sample, random) : null
  const written = edit === null ? null : await files.write(edit.write, NEVER)
  const now = readFileSync(file)
  if (edit === null || !written?.ok) {
    return { end: 'refused', problem: now.equals(sample.bytes) ? null : 'it was refused, and has changed' }
  }
  return { end: 'written', problem: await whyWrong(now, sample.bytes, edit.edits, edit.encoding) }
}

/** Somebody else saves at some instant: by rename, by truncating, or into the file that they hold open. */
async function besideAWriter(
  root: string,
  files: OpenFiles,
  path: string,
  sample: Sample,
  random: Random,
): Promise<End> {
  const file = join(root, path)
  writeFileSync(file, sample.bytes)
  // A file of two names is written in place.
  const linked = random() < 0.3
  if (linked) linkSync(file, `${file}.too`)
  try {
    return await overtake(file, path, files, sample, random)
  } finally {
    if (linked) rmSync(`${file}.too`)
  }
}

async function overtake(file: string, path: string, files: OpenFiles, sample: Sample, random: Random): Promise<End> {
  const content = await files.read(path, { formerSize: null }, NEVER)
  if (content.kind !== 'text') return { end: 'refused', problem: null }
  const theirs = Buffer.from(`theirs ${path}\n`)
  const told: (string | null)[] = []
  const { write } = makeEdit(path, content, sample, random)
  const onOvertaken = async (save: OvertakenSave): Promise<boolean> => told.push(save.saved) > 0
  const held = openSync(file, 'r+')
  const writing = files.write({ ...write, onOvertaken }, NEVER)
  await pause(random() * LONGEST_MS)
  const way = random()
  if (way < 1 / 3) {
    writeFileSync(`${file}.theirs`, theirs)
    renameSync(`${file}.theirs`, file)
  } else if (way < 2 / 3) writeFileSync(file, theirs)
  else {
    ftruncateSync(held, 0)
    writeSync(held, theirs, 0, theirs.length, 0)
  }
  closeSync(held)
  await writing
  // Who holds it open is told of a moment later.
  for (let look = 0; look < 200; look += 1) {
    if (readFileSync(file).equals(theirs) || told.includes(theirs.toString()))
      return { end: 'overtaken', problem: null }
    await pause(5)
  }
  return { end: 'overtaken', problem: `a save was lost: ${JSON.stringify(readFileSync(file, 'latin1').slice(0, 80))}` }
}

interface RandomEdit {
  readonly write: FileWrite
  readonly edits: readonly LineEdit[]
  /** As it was read. */
  readonly encoding: string
}

function makeEdit(path: string, content: TextContent, sample: Sample, random: Random): RandomEdit {
  const { text, hash: expected, encoding } = content
  const edits = makeEdits(splitText(text).lines.length, sample, random)
  const write = { path, expected, encoding, after: applyEdits(text, edits) }
  return { write: { ...write, onOvertaken: async () => true }, edits, encoding }
}

/**
 * Whether the bytes are those of the lines that were not edited, in their order, each with its own terminator, and between
 * them the new lines. Worked out from the bytes that were there, not from what they were read as.
 */
async function whyWrong(
  now: Buffer,
  before: Buffer,
  edits: readonly LineEdit[],
  encoding: string,
): Promise<string | null> {
  const ends = await Promise.all(['\r\n', '\n', ''].map((end) => encoded(end, encoding)))
  const { mark, lines } = rawLines(before, encoding)
  let rest = now
  const take = (part: Buffer): boolean => {
    if (!rest.subarray(0, part.length).equals(part)) return false
    rest = rest.subarray(part.length)
    return true
  }
  const takeLine = (content: Buffer): boolean => take(content) && ends.some((end) => take(end))
  if (!take(mark)) return 'the byte order mark has changed'
  let at = 0
  for (const edit of [...edits, { start: lines.length + 1, end: lines.length + 1, lines: [] }]) {
    for (; at < edit.start - 1; at += 1) {
      const line = lines[at] ?? Buffer.of()
      // Only the terminator of the last line may come or go.
      if (take(line)) {
        if (at === lines.length - 1) ends.some((end) => take(end))
      } else if (!takeLine(withoutEnd(line, ends)) || rest.length > 0) return `line ${at + 1} has changed`
    }
    for (const line of edit.lines)
      if (!takeLine(await encoded(line, encoding))) return `a new line came out wrong: ${line}`
    at = edit.end - 1
  }
  return rest.length === 0 ? null : 'there is more than there should be'
}

async function encoded(text: string, encoding: string): Promise<Buffer> {
  const result = await encodeText(text, encoding, { bytes: null, text: null })
  return result.ok ? result.bytes : Buffer.of()
}

/** Lines with their terminators, split at `\n`, which in none of these encodings is a part of another character. */
function rawLines(bytes: Buffer, encoding: string): { readonly mark: Buffer; readonly lines: readonly Buffer[] } {
  const wide = encoding.startsWith('utf-16')
  const newline = encoding === 'utf-16be' ? Buffer.of(0, 10) : wide ? Buffer.of(10, 0) : Buffer.of(10)
  const mark = wide ? bytes.subarray(0, 2) : bytes.subarray(0, bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0)
  const lines: Buffer[] = []
  let start = mark.length
  for (let at = start; at < bytes.length; at += newline.length) {
    if (!bytes.subarray(at, at + newline.length).equals(newline)) continue
    lines.push(bytes.subarray(start, at + newline.length))
    start = at + newline.length
  }
  if (start < bytes.length) lines.push(bytes.subarray(start))
  return { mark, lines }
}

function withoutEnd(line: Buffer, ends: readonly Buffer[]): Buffer {
  const end = ends.find((candidate) => line.subarray(line.length - candidate.length).equals(candidate))
  return line.subarray(0, line.length - (end?.length ?? 0))
}

function makeSample(random: Random): Sample {
  const names = Object.keys(LETTERS)
  const encoding = names[Math.floor(random() * names.length)] ?? 'utf-8'
  const letters = LETTERS[encoding] ?? []
  const uniform = random() < 0.6 ? pick(ENDINGS.slice(0, 2), random) : null
  const parts: string[] = WIDE.has(encoding) && (encoding !== 'utf-8' || random() < 0.2) ? ['\uFEFF'] : []
  const lines = Math.floor(random() * 40)
  for (let at = 0; at < lines; at += 1)
    parts.push(`${at} ${makeLine(letters, random)}`, uniform ?? pick(ENDINGS, random))
  const text = parts.join('')
  const whole = random() < 0.3 ? text.replace(/[\r\n]+$/u, '') : text
  return { encoding, letters, bytes: iconv.encode(whole, encoding, { addBOM: false }) }
}

/** Edits that do not overlap, in order. */
function makeEdits(lines: number, sample: Sample, random: Random): readonly LineEdit[] {
  const edits: LineEdit[] = []
  for (let at = 1; at <= lines + 1; at += 2 + Math.floor(random() * 12)) {
    const start = Math.min(lines + 1, at + Math.floor(random() * 3))
    const end = Math.min(lines + 1, start + Math.floor(random() * 3))
    const letters = random() < 0.3 ? sample.letters : []
    const fresh = Array.from({ length: Math.floor(random() * 4) }, () => `new ${makeLine(letters, random)}`)
    edits.push({ start, end, lines: fresh })
    at = end
  }
  return edits
}

function makeLine(letters: readonly string[], random: Random): string {
  const words = Array.from({ length: Math.floor(random() * 6) }, () =>
    letters.length > 0 && random() < 0.5 ? pick(letters, random) : pick(['x', '=', 'const', '\t', '  ', '{'], random),
  )
  return words.join(' ')
}

function pick(some: readonly string[], random: Random): string {
  return some[Math.floor(random() * some.length)] ?? ''
}

// Editors that hold a file open and save into it while, or after, an apply replaces it: nothing of either is lost.
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { hashBytes } from '../../main/adapters/files/bytes.ts'
import { createFiles, type OpenFiles } from '../../main/adapters/files/files.ts'
import { createClock, createHash, createIds } from '../../main/adapters/system.ts'
import { runJob } from '../../main/core/jobs.ts'
import type { Ports } from '../../main/core/ports.ts'
import { Applies } from '../../main/core/session/applies.ts'
import { Queue } from '../../main/core/session/queue.ts'
import { Writing } from '../../main/core/session/writing.ts'
import { createFakeModels } from '../fakes/models.ts'
import { createFakeStore } from '../fakes/store.ts'
import { emptyIndex } from '../fakes/index.ts'
import { parsedSyntax } from '../fakes/syntax.ts'
import type { Outcome } from './outcome.ts'

const OLD = 'one\ntwo\nthree\nfour\nfive\nsix\n'
const NEW = OLD.replace('two', 'TWO')
const BATCH = 50
const KEEP_MS = 200
/** Saves come at any instant between the start, or the end, of the write and this; the old file is watched for longer. */
const LONGEST_MS = 100

export async function holdOpen(runs: number, random: () => number): Promise<Outcome> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-held-')))
  const files = createFiles(root, { maxBytes: () => 1_000_000, keepMs: KEEP_MS })
  const failures: string[] = []
  const counts = { refused: 0, merged: 0, restored: 0 }
  try {
    for (let from = 0; from < runs; from += BATCH) {
      const { writing, applies } = createWriting(files)
      const batch = Array.from({ length: Math.min(BATCH, runs - from) }, (_, at) => ({
        path: `f${from + at}.txt`,
        ms: random() * LONGEST_MS,
        early: random() < 0.5,
        // Their save changes another line than ours, or the same one.
        theirs: random() < 0.7 ? OLD.replace('five', `FIVE ${from + at}`) : OLD.replace('two', `zwei ${from + at}`),
      }))
      const written = await Promise.all(batch.map((run) => runOne(root, writing, applies, run)))
      await files.close()
      await writing.settled()
      for (const [at, { path, theirs }] of batch.entries()) {
        const now = readFileSync(join(root, path), 'utf8')
        const end = endOf(now, theirs, written[at] ?? false)
        if (end === null) failures.push(`${path}: a save was lost, there stands ${JSON.stringify(now)}`)
        else counts[end] += 1
        rmSync(join(root, path))
      }
      for (const name of readdirSync(root)) failures.push(`${name} was left behind`)
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  const notes = `${counts.merged} merged, ${counts.restored} put back, ${counts.refused} came before the write`
  return { what: 'held open', runs, failures, notes }
}

interface Save {
  readonly path: string
  readonly ms: number
  readonly early: boolean
  readonly theirs: string
}

function endOf(now: string, theirs: string, written: boolean): 'refused' | 'merged' | 'restored' | null {
  if (now === theirs) return written ? 'restored' : 'refused'
  return now === theirs.replace('two', 'TWO') && theirs.includes('\ntwo\n') ? 'merged' : null
}

async function runOne(
  root: string,
  writing: Writing,
  applies: Applies,
  { path, ms, early, theirs }: Save,
): Promise<boolean> {
  const file = join(root, path)
  writeFileSync(file, OLD)
  const held = openSync(file, 'r+')
  const step = { path, before: OLD, after: NEW, expected: hashBytes(Buffer.from(OLD)) }
  const { apply, stored } = applies.begin([step], [], [2])
  const save = async (): Promise<void> => {
    await pause(ms)
    ftruncateSync(held, 0)
    writeSync(held, theirs, 0)
    closeSync(held)
  }
  // Half of the saves come at any time, the others surely when the file has been replaced.
  const saving = early ? save() : null
  const unwritten = await writing.writeAll(apply, [step], stored)
  await (saving ?? save())
  return unwritten === null
}

function createWriting(files: OpenFiles): { readonly writing: Writing; readonly applies: Applies } {
  const nothing = (): undefined => undefined
  const ports: Ports = {
    files,
    models: createFakeModels(),
    store: createFakeStore(),
    watch: { start: nothing, ignores: () => false, exclude: nothing },
    git: { status: async () => null, cleanContent: async () => null, atWork: async () => false },
    work: { run: async (name, input) => runJob(name, input) },
    syntax: parsedSyntax,
    index: emptyIndex,
    clock: createClock(),
    ids: createIds(),
    hash: createHash(),
    log: { info: nothing, error: nothing },
  }
  const applies = new Applies(ports)
  const queue = new Queue(ports, nothing, () => false)
  const events = { writing: nothing, unwritten: nothing, written: async () => undefined }
  return { applies, writing: new Writing(ports, queue, applies, events, new AbortController().signal) }
}

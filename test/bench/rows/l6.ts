// L6: the context of a request in a project of 10,000 files, from the changed text to the finished prompt.
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSyntax } from '../../../main/adapters/syntax/syntax.ts'
import { createClock } from '../../../main/adapters/system.ts'
import type { Excerpt } from '../../../main/core/context.ts'
import { focusOn, focusOnChange } from '../../../main/core/index/focus.ts'
import type { Index } from '../../../main/core/ports.ts'
import { createRedactor } from '../../../main/core/redact.ts'
import { Memory } from '../../../main/core/session/memory.ts'
import { inTurn } from '../pairs.ts'
import { writeFiles } from '../project.ts'
import type { Row } from '../row.ts'

const FILES = 10_000
const FILES_A_FOLDER = 50
const FUNCTIONS = 8
/** How long the first reading of all files may take, in ms. */
const FILL_MS = 120_000
const LOOK_MS = 200

export const l6: Row = {
  id: 'L6',
  what: 'context of a request, 10,000 files: changed text → related places of other files → prompt',
  unit: 'ms',
  floor: 'the same texts to the thread and back, and a prompt without related places',
  target: { p50: 5, p95: 15 },
  repeats: 40,
  sampleLimitMs: 5000,
  async run(bench) {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'slipstream-bench-')))
    bench.own({ close: () => rm(root, { recursive: true, force: true }) })
    const paths = Array.from({ length: FILES }, (_, index) => pathOf(index))
    writeFiles(root, Object.fromEntries(paths.map((path, index) => [path, textOf(index)])))
    const log = { info: () => undefined, error: () => undefined }
    const { syntax, index } = bench.own(openSyntax({ place: { root, maxBytes: 1_000_000, own: [] }, log }))
    const memory = new Memory('bench', createClock(), { conventions: () => [], ignores: () => false })
    const found: number[] = []

    const about = (round: number): { path: string; before: string; text: string } => {
      const file = (round * 211) % FILES
      const before = textOf(file)
      const other = (file + 4_999) % FILES
      return { path: pathOf(file), before, text: before.replace('return 1', `return computePart${other}Step1(input)`) }
    }
    const prompt = (round: number, related: readonly Excerpt[]): number => {
      const { path, text } = about(round)
      const region = { start: 2, end: 5, changedStart: 3, changedEnd: 4 }
      const made = memory.compose({ path, text, region, words: null, marker: null, related }, createRedactor())
      return made.messages.length
    }
    const from = performance.now()
    index.seen(paths)
    await known(index, bench.signal)
    const filled = performance.now() - from

    const samples = await inTurn(
      bench,
      async (round) => {
        const change = about(round)
        const start = performance.now()
        const related = await index.related(focusOnChange(change.path, change.before, change.text), bench.signal)
        prompt(round, related)
        const end = performance.now()
        found.push(related.length)
        return end - start
      },
      async (round) => {
        const { path, text } = about(round)
        const start = performance.now()
        await syntax.problems(`${path}.txt`, text, bench.signal)
        prompt(round, [])
        return performance.now() - start
      },
    )
    const least = Math.min(...found)
    return {
      ...samples,
      notes: [
        `all files read ${(filled / 1000).toFixed(1)} s after they were told of, at half of a core`,
        `related places a request: ${least} at least; a request waits 5 ms for them at most`,
      ],
      checks: [{ what: 'every request carries the declaration that its change uses', met: least > 0 }],
    }
  },
}

/** Resolves when the last file is known. */
async function known(index: Index, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + FILL_MS; performance.now() < until;) {
    const use = `computePart${FILES - 1}Step1(input)\n`
    const related = await index.related(focusOn('src/new.ts', use, 1, 2), signal)
    if (related.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error('the files were not read in time')
}

function pathOf(index: number): string {
  return `src/part${Math.floor(index / FILES_A_FOLDER)}/file${index}.ts`
}

function textOf(index: number): string {
  const part = (step: number): string =>
    `export function computePart${index}Step${step}(input: number, factor${step} = ${step}): number {\n  const scaled${index} = input * factor${step}\n  return 1\n}\n`
  return Array.from({ length: FUNCTIONS }, (_, step) => part(step)).join('\n')
}

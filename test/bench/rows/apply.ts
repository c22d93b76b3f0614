// What an apply consists of, by itself: placing many hunks in a long file, and showing a long queue.
import type { ParsedHunk } from '../../../main/core/edits/parser.ts'
import { createWork } from '../../../main/adapters/work.ts'
import { epoch, until } from '../clock.ts'
import { bareRows, HUNK, HUNKS, openBareRows, openMany } from '../many.ts'
import { inTurn } from '../pairs.ts'
import { sourceFile, UNEDITED } from '../project.ts'
import type { Row } from '../row.ts'

const LINES = 100_000
const PLACED = 100

export const applyLocate: Row = {
  id: 'apply/locate',
  what: `locating ${PLACED} hunks in ${LINES.toLocaleString('en')} lines, one after the other as they stream in`,
  unit: 'ms',
  floor: 'one map of lines in plain Node, and as many look-ups',
  target: { p50: null, p95: null },
  repeats: 20,
  sampleLimitMs: 10_000,
  async run(bench) {
    const work = bench.own(createWork())
    const signal = new AbortController().signal
    const samples = await inTurn(
      bench,
      async (round) => {
        // Another text each time: what was indexed for the last one helps nothing.
        const text = sourceFile(LINES, { ...UNEDITED, tag: round })
        const hunks = hunksOf(text)
        const from = epoch()
        for (const hunk of hunks) {
          const place = await work.run('place', { text, hunk, hints: { near: null, after: null } }, signal)
          if (!place.ok) throw new Error(place.reason)
        }
        return epoch() - from
      },
      (round) => {
        const text = sourceFile(LINES, { ...UNEDITED, tag: round })
        const hunks = hunksOf(text)
        const from = epoch()
        const places = new Map(text.split('\n').map((line, at) => [line, at]))
        if (!hunks.every(({ lines }) => places.has(lines[0]?.text ?? ''))) throw new Error('a line is not found')
        return Promise.resolve(epoch() - from)
      },
    )
    return { ...samples, notes: [] }
  },
}

function hunksOf(text: string): readonly ParsedHunk[] {
  const lines = text.split('\n').filter((line) => line.includes('const shifted'))
  const step = Math.floor(lines.length / PLACED)
  return Array.from({ length: PLACED }, (_, at) => {
    const line = lines[at * step] ?? ''
    return {
      path: 'src/anchor.ts',
      kind: 'update',
      moveTo: null,
      section: 0,
      format: 'patch',
      anchors: [],
      lines: [
        { kind: '-', text: line },
        { kind: '+', text: `${line} // ${at}` },
      ],
      endOfFile: false,
      line: null,
    } as const
  })
}

export const applyRender: Row = {
  id: 'apply/render',
  what: `a window opened on ${HUNKS.toLocaleString('en')} hunks → all of them in the document`,
  unit: 'ms',
  floor: 'as many rows of plain HTML set in a page',
  target: { p50: null, p95: null },
  repeats: 20,
  sampleLimitMs: 20_000,
  async run(bench) {
    const window = await openMany(bench)
    const bare = await openBareRows(bench)
    const samples = await inTurn(
      bench,
      async () => {
        await window.page.bringToFront()
        const from = epoch()
        await window.page.reload()
        await until(10_000, 'all hunks', async () => (await window.page.locator(HUNK).count()) === HUNKS, 5)
        return epoch() - from
      },
      async () => {
        await bare.bringToFront()
        const from = epoch()
        await bare.setContent(bareRows())
        await until(10_000, 'all rows', async () => (await bare.locator('#rows li').count()) === HUNKS, 5)
        return epoch() - from
      },
    )
    return { ...samples, notes: ['the window loads its page anew, with everything in it'] }
  },
}

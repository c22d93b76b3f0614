// A4: from the last byte of a hunk to its lines in the review queue, while the reply stays open.
import { startBenchServer } from '../model-server.ts'
import { inTurn } from '../pairs.ts'
import { makeHome, startProduct, tidy } from '../product.ts'
import { makeQuietFiles, marker, replyThatRaises } from '../project.ts'
import type { Row } from '../row.ts'
import { firstTokenLag } from '../stands.ts'
import { openStage } from '../streams.ts'

/** Not large: what is measured begins with the reply. */
const LINES = 400
const NAMES = ['anchor', 'barrel', 'copper', 'dynamo'] as const
const HUNK = '[data-testid="hunk"]'
const TTFT_MS = 60
const RANDOM_MS = 50

export const a4: Row = {
  id: 'A4',
  what: 'a hunk complete in the stream → reviewable on screen (window)',
  unit: 'ms',
  floor: 'bare page that appends what its WebSocket brings, behind a bare relay',
  target: { p50: 20, p95: 40 },
  repeats: 30,
  sampleLimitMs: 5000,
  async run(bench) {
    const server = await startBenchServer(bench)
    const home = await makeHome(bench)
    const files = makeQuietFiles(home.project, NAMES, LINES)
    const product = await startProduct(bench, home, server, NAMES.length)
    const window = await product.openWindow()
    const { bare } = await openStage(bench, 'plain')
    const samples = await inTurn(
      bench,
      async (round) => {
        await window.page.bringToFront()
        const file = await files.next()
        const { bound } = file.edits
        const word = marker(round)
        // The stream's view shows the marker as well: what is looked for stands in a hunk.
        const reply = replyThatRaises(file.path, LINES, bound).replace(/^\+.*$/mu, `$& // ${word}`)
        const fault = { type: 'stall', after: Math.ceil(reply.length / word.length) } as const
        await server.answer({ reply, ttft: TTFT_MS + Math.random() * RANDOM_MS, rate: 0, fault, times: 1 })
        const painted = await window.painted(HUNK, word)
        const arrival = server.next()
        file.save({ tag: round + 1, bound })
        const { id } = await arrival
        const paintedAt = await painted.happened
        const { lastTokenAt } = await server.times(id)
        if (lastTokenAt === null) throw new Error('no token was sent')
        await window.page.getByTestId('hunk-reject').first().click()
        await tidy(window)
        // Who rejects again and again is asked less, by policy: that is no part of what is measured.
        const askAtOnce = window.page.getByTestId('reset-wait')
        if (await askAtOnce.isVisible()) await askAtOnce.click()
        return paintedAt - lastTokenAt
      },
      () => firstTokenLag(bare),
    )
    return { ...samples, notes: [] }
  },
}

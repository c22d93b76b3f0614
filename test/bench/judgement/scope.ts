// J1 to J3: the golden set of what a suggestion may change, judged by the guard that the session uses.
import { fileURLToPath } from 'node:url'
import { percentile } from '../statistics.ts'
import { readGolden } from './golden.ts'
import type { Judgement, JudgementReport } from './judgement.ts'
import { judgeGolden, type ScopeVerdict } from './scope-verdict.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/judgement/scope', import.meta.url))

let judged: ScopeVerdict | null = null

function verdict(): ScopeVerdict {
  judged ??= judgeGolden(readGolden(FOLDER))
  return judged
}

export const minimality: Judgement = {
  id: 'J1',
  what: 'changed lines by lines needed, per suggestion shown',
  async run(): Promise<JudgementReport> {
    const { ratios, rawRatios } = verdict()
    const [median, high] = [percentile(ratios, 0.5), percentile(ratios, 0.95)]
    const raw = `as the models wrote them: median ${percentile(rawRatios, 0.5).toFixed(2)}, p95 ${percentile(rawRatios, 0.95).toFixed(2)}`
    return {
      checks: [
        { what: `median of ${ratios.length}, at most 1.0`, value: median.toFixed(2), met: median <= 1 },
        { what: 'p95, at most 1.5', value: high.toFixed(2), met: high <= 1.5 },
      ],
      notes: [raw],
    }
  },
}

export const unasked: Judgement = {
  id: 'J2',
  what: 'unasked hunks (rename, reformat, reorder, other place) shown unfolded',
  async run(): Promise<JudgementReport> {
    const { unasked: count, shown, mislabelled } = verdict()
    return {
      checks: [{ what: `of ${count}, shown unfolded`, value: String(shown.length), met: shown.length === 0 }],
      notes: [...shown, ...mislabelled.map((one) => `folded under another label: ${one}`)],
    }
  },
}

export const withheld: Judgement = {
  id: 'J3',
  what: 'needed hunks folded or suppressed',
  async run(): Promise<JudgementReport> {
    const { needed, folded } = verdict()
    const share = folded.length / needed
    return {
      checks: [
        {
          what: `of ${needed}, folded or left out, at most 5 %`,
          value: `${folded.length} (${(share * 100).toFixed(1)} %)`,
          met: share <= 0.05,
        },
      ],
      notes: folded,
    }
  },
}

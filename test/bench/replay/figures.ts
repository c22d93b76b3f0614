// What the edit replay of many cases adds up to.
import type { PlacedEdit } from '../../../main/core/patch.ts'
import { cutsBetween } from './cuts.ts'
import { ORDERS, scoreOf, signatureOf, stepsOf, WORD, type Case, type Step } from './protocol.ts'
import { summarise } from '../statistics.ts'

export type Engine = (request: Step['request']) => readonly PlacedEdit[]

export interface Figures {
  readonly kind: Case['kind']
  readonly steps: number
  /** Minimal hunks that were proposed, and how many of them the author made too. */
  readonly proposed: number
  readonly good: number
  /** Of the others: where the author changed the line otherwise. The rest the author left alone. */
  readonly otherwise: number
  /** Repeated hunks after one example and after more: found, all. */
  readonly one: readonly [number, number]
  readonly more: readonly [number, number]
  /** Steps on which something was proposed, and something wrong. */
  readonly spoke: number
  readonly spokeWrongly: number
  /** Time of the engine a step, in ms. */
  readonly p50: number
  readonly p95: number
}

export function replay(cases: readonly Case[], engine: Engine): readonly Figures[] {
  return (['repeat', 'mixed'] as const).map((kind) => {
    const total = { steps: 0, proposed: 0, good: 0, otherwise: 0, spoke: 0, spokeWrongly: 0 }
    const one: [number, number] = [0, 0]
    const more: [number, number] = [0, 0]
    const times: number[] = []
    for (const each of cases) {
      if (each.kind !== kind) continue
      for (const order of ORDERS) {
        for (const step of stepsOf(each, order)) {
          const began = performance.now()
          const proposals = engine(step.request)
          times.push(performance.now() - began)
          const { good, wrong, otherwise, found, repeated } = scoreOf(step, proposals)
          total.steps += 1
          total.proposed += good + wrong
          total.good += good
          total.otherwise += otherwise
          total.spoke += Number(good + wrong > 0)
          total.spokeWrongly += Number(wrong > 0)
          if (step.examples === 0) continue
          const bucket = step.examples === 1 ? one : more
          bucket[0] += found
          bucket[1] += repeated
        }
      }
    }
    const { p50, p95 } = summarise(times.length === 0 ? [0] : times)
    return { kind, ...total, one, more, p50, p95 }
  })
}

/** The floor: the removed tokens become the inserted ones wherever they stand in a line. */
export function replaceTokens({ path, before, after }: Step['request']): readonly PlacedEdit[] {
  const lines = after.split('\n')
  const old = before.split('\n')
  const edits = new Map<number, PlacedEdit>()
  for (const cut of cutsBetween(old, lines)) {
    const signature = signatureOf(old.slice(cut.oldStart, cut.oldEnd), cut.fresh)
    if (!WORD.test(signature.old) || signature.old.includes('\n') || signature.fresh.includes(signature.old)) continue
    for (const [index, line] of lines.entries()) {
      const fresh = line.split(signature.old).join(signature.fresh)
      if (fresh !== line) edits.set(index, { path, start: index + 1, end: index + 2, lines: [fresh] })
    }
  }
  return [...edits.values()]
}

export function tableOf(rows: readonly (Figures & { readonly name: string })[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.kind,
    String(row.steps),
    `${share(row.good, row.proposed)} (${row.good}/${row.proposed})`,
    share(...row.one),
    share(...row.more),
    share(row.spoke, row.steps),
    share(row.spokeWrongly, row.steps),
    `${row.proposed - row.good - row.otherwise}/${row.otherwise}`,
    `${row.p50.toFixed(1)}/${row.p95.toFixed(1)}`,
  ])
  const head = [
    '',
    'kind',
    'steps',
    'precision',
    'recall@1',
    'recall@2+',
    'spoke',
    'wrongly',
    'left alone/otherwise',
    'ms p50/p95',
  ]
  const all = [head, ...cells]
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(3)
}

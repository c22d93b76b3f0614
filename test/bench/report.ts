// What the bench says in the end: each row's figures, as a table for people and as JSON.
import type { Figures, Row } from './row.ts'
import { missed, summarise, type Summary, type Target } from './statistics.ts'

interface RowHead {
  readonly id: string
  readonly what: string
  readonly unit: Row['unit']
  readonly floorWhat: string
  readonly target: Target
}

export interface MeasuredRow extends RowHead {
  readonly state: 'measured'
  readonly product: Summary
  readonly floor: Summary
  /** Median of the product by median of the floor. */
  readonly ratio: number
  /** Which figures and checks of the target are missed. */
  readonly missed: readonly string[]
  readonly samples: Pick<Figures, 'product' | 'floor'>
  readonly notes: readonly string[]
}

/** `unavailable`: this machine lacks what it is measured with. */
export interface FailedRow extends RowHead {
  readonly state: 'failed' | 'unavailable'
  readonly why: string
}

export type RowReport = MeasuredRow | FailedRow

export function reportFigures(row: Row, figures: Figures): MeasuredRow {
  const product = summarise(figures.product)
  const floor = summarise(figures.floor)
  return {
    ...headOf(row),
    state: 'measured',
    product,
    floor,
    ratio: product.p50 / floor.p50,
    missed: [
      ...missed(product, floor, row.target),
      ...(figures.checks ?? []).filter(({ met }) => !met).map(({ what }) => what),
    ],
    samples: { product: figures.product, floor: figures.floor },
    notes: figures.notes,
  }
}

export function reportFailure(row: Row, why: string, state: FailedRow['state'] = 'failed'): FailedRow {
  return { ...headOf(row), state, why }
}

function headOf({ id, what, unit, floor, target }: Row): RowHead {
  return { id, what, unit, floorWhat: floor, target }
}

const COLUMNS = ['id', 'what', 'n', 'p50', 'p95', 'floor p50', 'floor p95', 'ratio', 'target', 'met'] as const
/** These are words; the others are numbers, which stand right. */
const WORDS: ReadonlySet<string> = new Set(['id', 'what', 'met'])

/** One line a row, then the notes. Figures in the row's unit. */
export function tableOf(reports: readonly RowReport[]): string {
  const lines = [COLUMNS, ...reports.map(cellsOf)]
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  const table = lines.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return WORDS.has(COLUMNS[column] ?? '') ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
  return [...table, '', ...reports.flatMap(notesOf)].join('\n')
}

function cellsOf(report: RowReport): readonly string[] {
  const target = targetOf(report.target)
  if (report.state !== 'measured') return [report.id, report.what, '', '', '', '', '', '', target, 'not measured']
  const { product, floor, ratio } = report
  return [
    report.id,
    `${report.what} (${report.unit})`,
    String(product.n),
    figure(product.p50),
    figure(product.p95),
    figure(floor.p50),
    figure(floor.p95),
    `${ratio.toFixed(1)} ×`,
    target,
    report.missed.length === 0 ? 'yes' : `no (${report.missed.join(', ')})`,
  ]
}

/** "12 / 30", "p95 2 ×", "floor + 120". */
function targetOf({ p50, p95, ratio, over }: Target): string {
  const figures = [p50, p95].filter((value) => value !== null).join(' / ')
  const times = Object.entries(ratio ?? {}).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value} ×`]))
  return [figures, ...times, over === undefined ? '' : `floor + ${over}`].filter((part) => part !== '').join(', ')
}

function notesOf(report: RowReport): readonly string[] {
  const notes = report.state === 'measured' ? report.notes : [`not measured: ${report.why}`]
  const head = `${report.id} `
  return [`${head}floor: ${report.floorWhat}`, ...notes.map((note) => ' '.repeat(head.length) + note)]
}

/** Three significant figures are more than a noisy machine gives. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

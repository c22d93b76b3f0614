// The words behind `npm run bench --`.
import { parseArgs } from 'node:util'
import type { Result } from '../../preload/contract.ts'
import type { Row } from './row.ts'

export interface BenchOptions {
  readonly rows: readonly Row[]
  /** Where the figures go as JSON, or null. */
  readonly json: string | null
  /** Samples of each row; null: as many as the row wants. */
  readonly repeats: number | null
  /** Only to see that every row can be measured: few samples, too few for any claim. */
  readonly quick: boolean
}

const QUICK_REPEATS = 3

export function usage(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ id }) => id.length))
  const list = rows.map(({ id, what }) => `  ${id.padEnd(width)} ${what}`).join('\n')
  return `npm run bench -- [ROW ...] [--json FILE] [--repeats N] [--quick]\n\n${list}`
}

/** Fails with the code `arguments`. */
export function parseOptions(words: readonly string[], rows: readonly Row[]): Result<BenchOptions> {
  const refuse = (message: string): Result<never> => ({ ok: false, failure: { code: 'arguments', message } })
  let parsed
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { json: { type: 'string' }, repeats: { type: 'string' }, quick: { type: 'boolean', default: false } },
    })
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause))
  }
  const { values, positionals } = parsed
  const wanted = positionals.map((name) => name.toUpperCase())
  const unknown = wanted.find((name) => !rows.some(({ id }) => isNamed(id, name)))
  if (unknown !== undefined) return refuse(`there is no row ${unknown}`)
  const repeats = values.repeats === undefined ? null : Number(values.repeats)
  if (repeats !== null && (!Number.isSafeInteger(repeats) || repeats < 1))
    return refuse('--repeats wants a number from 1 on')
  return {
    ok: true,
    value: {
      rows: wanted.length === 0 ? rows : rows.filter(({ id }) => wanted.some((name) => isNamed(id, name))),
      json: values.json ?? null,
      repeats: repeats ?? (values.quick ? QUICK_REPEATS : null),
      quick: values.quick,
    },
  }
}

/** `S8` names S8/ws and S8/http, too. `name` in upper case. */
function isNamed(id: string, name: string): boolean {
  return `${id.toUpperCase()}/`.startsWith(`${name}/`)
}

// `npm run bench -- judgement [ROW ...] [--json FILE]`: the golden sets and recorded sessions, judged and printed.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { JudgementReport } from './judgement.ts'
import { JUDGEMENTS } from './list.ts'

const USAGE = `npm run bench -- judgement [ROW ...] [--json FILE]\n\n${JUDGEMENTS.map(({ id, what }) => `  ${id} ${what}`).join('\n')}`

/** Prints the figures; gives the exit code: 1 when a target is not met, 2 for wrong words. */
export async function runJudgement(words: readonly string[], signal: AbortSignal): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({ args: [...words], allowPositionals: true, options: { json: { type: 'string' } } })
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}\n`)
    return 2
  }
  const wanted = parsed.positionals.map((name) => name.toUpperCase())
  const chosen = JUDGEMENTS.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
  if (wanted.some((name) => !JUDGEMENTS.some(({ id }) => id === name))) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const reports: { readonly id: string; readonly report: JudgementReport }[] = []
  for (const { id, what, run } of chosen) {
    if (signal.aborted) break
    process.stderr.write(`${id}: ${what}\n`)
    const report = await run(signal)
    reports.push({ id, report })
    process.stdout.write(`${id}  ${what}\n`)
    for (const check of report.checks) {
      process.stdout.write(`  ${check.met ? 'met ' : 'MISS'}  ${check.what}: ${check.value}\n`)
    }
    for (const note of report.notes) process.stdout.write(`        ${note}\n`)
  }
  const { json } = parsed.values
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ at: new Date().toISOString(), reports }, null, 2)}\n`)
  return reports.every(({ report }) => report.checks.every(({ met }) => met)) ? 0 : 1
}

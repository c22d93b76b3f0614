// `npm run bench -- replay (--repo PATH | --cases FILE) ... [--curve] [--fit] [--json FILE]`: the embedded engine on real changes.
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { proposeEchoes, proposeWithLesson } from '../../../main/core/echo/echo.ts'
import { confidenceOf } from '../../../main/core/echo/judge.ts'
import { casesFromFile, casesFromHistory } from './cases.ts'
import { replaceTokens, replay, tableOf, type Engine } from './figures.ts'
import type { Case } from './protocol.ts'
import { fitWeights } from './fit.ts'

export const REPLAY_USAGE = `npm run bench -- replay (--repo PATH | --cases FILE) ... [--curve] [--fit] [--json FILE]

  --repo PATH   makes cases of the newest commits of a git history
  --cases FILE  reads them as JSON lines {repo, commit, path, kind, before, after}
  --curve       also a row for each of several confidence bounds
  --fit         also fits the judge's weights to these cases, and prints them`

const BOUNDS = [0.5, 0.525, 0.55, 0.575, 0.6, 0.625, 0.65, 0.7, 0.75, 0.8]

/** Prints the figures; gives the exit code. */
export function runReplay(words: readonly string[]): number {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...words],
      options: {
        repo: { type: 'string', multiple: true, default: [] },
        cases: { type: 'string', multiple: true, default: [] },
        curve: { type: 'boolean', default: false },
        fit: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    }))
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n\n${REPLAY_USAGE}\n`)
    return 2
  }
  if (values.repo.length + values.cases.length === 0) {
    process.stderr.write(`${REPLAY_USAGE}\n`)
    return 2
  }
  const sets = [
    ...values.repo.map((path) => ({ name: basename(path), cases: casesFromHistory(path) })),
    ...values.cases.map((file) => ({ name: basename(file), cases: casesFromFile(file) })),
  ]
  const all = sets.flatMap(({ cases }) => cases)
  const rows = (name: string, cases: readonly Case[], engine: Engine) =>
    replay(cases, engine).map((figures) => ({ name, ...figures }))
  const table = [
    ...sets.flatMap(({ name, cases }) => rows(name, cases, proposeEchoes)),
    ...(sets.length > 1 ? rows('all', all, proposeEchoes) : []),
    ...(values.curve
      ? BOUNDS.flatMap((bound) =>
          rows(`bound ${bound}`, all, (request) => proposeWithLesson(request, { bound, judge: confidenceOf }).edits),
        )
      : []),
    ...rows('floor: replaced tokens', all, replaceTokens),
  ]
  process.stdout.write(`${tableOf(table)}\n`)
  const weights = values.fit ? fitWeights(sets.map(({ cases }) => cases)) : []
  for (const { kind, bias, of, observations } of weights) {
    process.stdout.write(`\n${kind}, fitted to ${observations} places: bias ${bias.toFixed(2)}\n`)
    for (const [name, weight] of Object.entries(of)) process.stdout.write(`  ${name}: ${weight.toFixed(2)}\n`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rows: table, weights }, null, 2)}\n`)
  return 0
}

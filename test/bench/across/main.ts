// `npm run bench -- replay --across --repo PATH ...`: the embedded engine's proposals in other files, on real commits.
import { appendFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createParser } from '../../../main/adapters/syntax/parser.ts'
import { grammarOf } from '../../../main/core/syntax/grammar.ts'
import { answerSyntax } from '../../../main/core/syntax/questions.ts'
import { casesAcross } from './cases.ts'
import { replayAcross } from './figures.ts'
import type { AskScopes } from './project.ts'
import { sumOf, type AcrossFigures, type Proposal } from './sums.ts'

export const ACROSS_USAGE = `npm run bench -- replay --across --repo PATH ... [--commits N] [--show N] [--places FILE] [--json FILE]

  --repo PATH   replays the newest commits of a git history that change two files and more
  --commits N   so many of each history (60)
  --show N      prints N wrong proposals
  --places FILE writes each place that the engine found, said or not, with what speaks for it, as JSON lines`

const COMMITS = 60

/** Prints the figures; gives the exit code. */
export async function runAcross(words: readonly string[]): Promise<number> {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...words],
      options: {
        across: { type: 'boolean', default: true },
        repo: { type: 'string', multiple: true, default: [] },
        commits: { type: 'string', default: String(COMMITS) },
        show: { type: 'string', default: '0' },
        json: { type: 'string' },
        places: { type: 'string' },
      },
    }))
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n\n${ACROSS_USAGE}\n`)
    return 2
  }
  const commits = Number(values.commits)
  if (values.repo.length === 0 || !Number.isInteger(commits) || commits < 1) {
    process.stderr.write(`${ACROSS_USAGE}\n`)
    return 2
  }
  const rows: (AcrossFigures & { readonly name: string })[] = []
  const wrong: Proposal[] = []
  for (const path of values.repo) {
    const found = await replayAcross(casesAcross(path, commits), scopes(), {
      wrong: (each) => void wrong.push(each),
      ...(values.places === undefined
        ? {}
        : { judged: (each) => appendFileSync(values.places ?? '', `${JSON.stringify(each)}\n`) }),
    })
    const named = found.map((figures) => ({ name: basename(resolve(path)), ...figures }))
    for (const row of named) process.stdout.write(`${lineOf(row)}\n`)
    rows.push(...named)
  }
  if (values.repo.length > 1) {
    for (const kind of ['edits', 'renames'] as const) {
      const row = { name: 'together', ...sumOf(rows.filter((each) => each.kind === kind)), kind }
      process.stdout.write(`${lineOf(row)}\n`)
      rows.push(row)
    }
  }
  const every = Math.max(1, Math.floor(wrong.length / Math.max(1, Number(values.show))))
  for (const each of wrong.filter((_, index) => index % every === 0).slice(0, Number(values.show))) {
    process.stdout.write(`\n${each.commit}\n${marked('- ', each.from)}\n${marked('+ ', each.to)}\n  ${each.path}\n`)
    process.stdout.write(`${marked('  - ', each.old.join('\n'))}\n${marked('  + ', each.lines.join('\n'))}\n`)
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rows }, null, 2)}\n`)
  return 0
}

/** With the real grammars, in this process. */
function scopes(): AskScopes {
  const parser = createParser()
  return async (path, text, target) => {
    const grammar = grammarOf(path)
    if (grammar === null) return null
    await parser.load(grammar)
    return answerSyntax('occurrences', { path, text, target }, parser.parse)
  }
}

function lineOf(row: AcrossFigures & { readonly name: string }): string {
  return [
    `${row.name.padEnd(14)} ${row.kind.padEnd(7)} ${row.cases} ${row.kind === 'edits' ? 'commits' : 'names'}, ${row.steps} steps:`,
    `precision ${share(row.good, row.proposed)} (${row.good}/${row.proposed}, ${row.otherwise} otherwise),`,
    `recall ${share(row.found, row.repeated)} (${row.found}/${row.repeated}),`,
    `spoke ${share(row.spoke, row.steps)}, wrongly ${share(row.spokeWrongly, row.steps)} of the steps`,
  ].join(' ')
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(3)
}

function marked(mark: string, text: string): string {
  return text
    .split('\n')
    .map((line) => mark + line)
    .join('\n')
}

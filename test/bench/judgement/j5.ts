// J5: conventions as the window shows them, over a golden set of small projects: none without its counts, none from too little.
import type { ConventionView } from '../../../preload/contract.ts'
import { createWorld } from '../../fakes/world.ts'
import { PROJECTS, type HabitCase } from '../../fixtures/conventions/projects.ts'
import type { Judgement } from './judgement.ts'

export interface ConventionsJudged {
  readonly projects: number
  /** Conventions that were shown, of all kinds. */
  readonly shown: number
  /** Shown without counts or cases. */
  readonly bare: readonly string[]
  /** A habit that the project does prove, and that was not shown with the right counts. */
  readonly missed: readonly string[]
  /** A habit that it does not prove, and that was shown. */
  readonly invented: readonly string[]
}

export async function judgeConventions(projects: readonly HabitCase[] = PROJECTS): Promise<ConventionsJudged> {
  let shown = 0
  const bare: string[] = []
  const missed: string[] = []
  const invented: string[] = []
  for (const { name, files, language, subject, evidence } of projects) {
    const conventions = await conventionsOf(files)
    shown += conventions.length
    for (const convention of conventions) if (!isProven(convention)) bare.push(`${name}: ${convention.text}`)
    const about = conventions
      .filter(({ key }) => key === `mined\n${language}\n${subject}`)
      .map((each) => `${each.text}: ${each.evidence}`)
    if (evidence === null) invented.push(...about.map((each) => `${name}: ${each}`))
    else if (!about.some((each) => each === evidence || each === `${subject}: ${evidence}`)) {
      missed.push(`${name}: wanted ${evidence}, shown ${about.join('; ') || 'nothing'}`)
    }
  }
  return { projects: projects.length, shown, bare, missed, invented }
}

async function conventionsOf(contents: Readonly<Record<string, string>>): Promise<readonly ConventionView[]> {
  const world = await createWorld({ contents: { ...contents } })
  const result = await world.session.conventions()
  await world.session.close()
  return result.ok ? result.value.conventions : []
}

function isProven({ kind, evidence, cases }: ConventionView): boolean {
  if (kind === 'mined') return /\d+ of \d/.test(evidence)
  return kind === 'proposed' ? cases.length >= 3 : evidence !== ''
}

export const j5: Judgement = {
  id: 'J5',
  what: 'mined or learned conventions shown without counts or cases',
  async run() {
    const { projects, shown, bare, missed, invented } = await judgeConventions()
    return {
      checks: [
        { what: 'shown without counts or cases (0)', value: String(bare.length), met: bare.length === 0 },
        {
          what: 'proven habits not shown, or with wrong counts (0)',
          value: String(missed.length),
          met: missed.length === 0,
        },
        { what: 'shown without enough evidence (0)', value: String(invented.length), met: invented.length === 0 },
      ],
      notes: [`${projects} projects, ${shown} conventions shown`, ...[...bare, ...missed, ...invented].slice(0, 20)],
    }
  },
}

// What a project's files agree on: the observations of all of them added up, and which of the choices are conventions.
import { NO_ORDER, type Observation, type Subject } from './observe.ts'

/** A habit that the counts prove. */
export interface MinedConvention {
  readonly language: string
  readonly subject: Subject
  readonly choice: string
  /** Places where the choice was made this way, of all places where it was made. */
  readonly cases: number
  readonly of: number
  /** Files that made the choice, either way. */
  readonly files: number
}

/** Fewer places, or places in fewer files, prove nothing: one file is one hand on one day. */
const FEWEST_CASES = 20
const FEWEST_FILES = 3
/** A choice that is made once a file has fewer places. */
const FEWEST_VOTES = 8
/** Of what the share may be at worst, given the number of places, by Wilson's interval. */
const CLEAR_MAJORITY = 0.8
/** 95 % of the normal distribution, two-sided. */
const Z = 1.96

const ONCE_A_FILE: ReadonlySet<Subject> = new Set([
  'line endings',
  'file names',
  'test files',
  'test places',
  'import order',
])

interface Tally {
  readonly language: string
  readonly subject: Subject
  readonly choices: Map<string, number>
  readonly files: Set<string>
}

/** The files seen so far, each with what it shows; a file seen again counts as it is now. */
export class Observations {
  private readonly byFile = new Map<string, readonly Observation[]>()
  private readonly tallies = new Map<string, Tally>()

  get files(): number {
    return this.byFile.size
  }

  /** Replaces what was known of the file. */
  set(path: string, observations: readonly Observation[]): void {
    this.delete(path)
    if (observations.length === 0) return
    this.byFile.set(path, observations)
    for (const { language, subject, choice, count } of observations) {
      const key = `${language}\n${subject}`
      const tally = this.tallies.get(key) ?? {
        language,
        subject,
        choices: new Map<string, number>(),
        files: new Set<string>(),
      }
      this.tallies.set(key, tally)
      tally.choices.set(choice, (tally.choices.get(choice) ?? 0) + count)
      tally.files.add(path)
    }
  }

  delete(path: string): void {
    for (const { language, subject, choice, count } of this.byFile.get(path) ?? []) {
      const tally = this.tallies.get(`${language}\n${subject}`)
      tally?.choices.set(choice, (tally.choices.get(choice) ?? 0) - count)
      tally?.files.delete(path)
    }
    this.byFile.delete(path)
  }

  /** The conventions, by language and then by the number of cases. */
  conventions(): readonly MinedConvention[] {
    return [...this.tallies.values()]
      .flatMap((tally): MinedConvention[] => {
        const of = [...tally.choices.values()].reduce((sum, count) => sum + count, 0)
        const [choice, cases] = [...tally.choices].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0])
        const enough = ONCE_A_FILE.has(tally.subject) ? FEWEST_VOTES : FEWEST_CASES
        if (choice === NO_ORDER) return []
        if (of < enough || tally.files.size < FEWEST_FILES || wilson(cases, of) < CLEAR_MAJORITY) return []
        return [{ language: tally.language, subject: tally.subject, choice, cases, of, files: tally.files.size }]
      })
      .sort((a, b) => (a.language === b.language ? b.of - a.of : a.language < b.language ? -1 : 1))
  }
}

/**
 * Lower bound of the share that `cases` of `of` stand for: with few cases it is far below the share itself.
 * E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927).
 */
export function wilson(cases: number, of: number): number {
  if (of === 0) return 0
  const share = cases / of
  const square = (Z * Z) / of
  return (share + square / 2 - Z * Math.sqrt((share * (1 - share)) / of + square / (4 * of))) / (1 + square)
}

/** "single quotes", or "asynchronous code: await" where the choice alone does not say what it is about. */
export function said({ subject, choice }: Pick<MinedConvention, 'subject' | 'choice'>): string {
  return choice.includes(subject) ? choice : `${subject}: ${choice}`
}

/** "1,204 of 1,219", in English figures on every machine. */
export function figuresOf({ cases, of }: Pick<MinedConvention, 'cases' | 'of'>): string {
  return `${figure(cases)} of ${figure(of)}`
}

function figure(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

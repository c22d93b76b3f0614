// All that is known of a team's conventions, and what of it holds for one file: its style, and what a request about it is told.
import type { Agreed } from '../context.ts'
import { CONVENTIONS_FILE, type ApprovedRule } from './approved.ts'
import { languageOf } from './language.ts'
import { figuresOf, type MinedConvention } from './mined.ts'
import { chosenStyles, styleOf, styleOfRule, type StyleSource } from './style.ts'
import { holdingFor, proseOf, settingsOf, writtenKind } from './written.ts'

export interface Known {
  readonly approved: readonly ApprovedRule[]
  /** Texts of the files in which conventions are written down, by path. */
  readonly written: ReadonlyMap<string, string>
  readonly mined: readonly MinedConvention[]
}

/** How this file's language is written here, where that is free: as approved, else as in settings, else as counted. */
export function stylesFor(path: string, known: Known): readonly StyleSource[] {
  const language = languageOf(path)?.name
  if (language === undefined) return []
  const approved = known.approved.flatMap(({ text }): StyleSource[] => {
    const style = styleOfRule(text)
    return style === null ? [] : [{ ...style, counted: false, source: 'as your rule says', evidence: '' }]
  })
  const settings = holdingFor([...known.written.keys()], path).flatMap((file) =>
    settingsOf(file, known.written.get(file) ?? '', path).flatMap((words): StyleSource[] => {
      const style = styleOf(words)
      return style === null ? [] : [{ ...style, counted: false, source: `as ${file} says`, evidence: '' }]
    }),
  )
  const mined = known.mined.flatMap((convention): StyleSource[] => {
    const style = convention.language === language ? styleOf(convention.choice) : null
    if (style === null) return []
    return [{ ...style, counted: true, source: 'as in your project', evidence: figuresOf(convention) }]
  })
  return chosenStyles([approved, settings, mined])
}

/**
 * What a request about this file is told, by source, at most `units` UTF-16 units: approved rules, settings, what is written for
 * people and assistants, what the counts prove. In this order, which changes as rarely as it can; where there is not room for all,
 * it is prose that is cut.
 */
export function toldFor(path: string, units: number, known: Known): readonly Agreed[] {
  let left = units
  const source = (file: string | null, lines: readonly string[]): Agreed => {
    const kept: string[] = []
    for (const line of lines) {
      if (line.length + 1 > left) break
      left -= line.length + 1
      kept.push(line)
    }
    return { path: file, lines: kept }
  }
  const language = languageOf(path)?.name
  const holding = holdingFor([...known.written.keys()], path)
  const approved = source(
    CONVENTIONS_FILE,
    known.approved.map(({ text }) => `- ${text}`),
  )
  const settings = holding.map((file) => {
    const words = settingsOf(file, known.written.get(file) ?? '', path)
    return source(file, words.length === 0 ? [] : [`- ${words.join(', ')}`])
  })
  const mined = known.mined
    .filter((convention) => convention.language === language)
    .toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
    .map(({ subject, choice, cases, of }) => `- ${subject}: ${choice} (${percent(cases / of)} of the cases)`)
  const counted = source(null, mined)
  const prose = holding
    .filter((file) => writtenKind(file) === 'prose')
    .map((file) => source(file, proseOf(known.written.get(file) ?? '').split('\n')))
  return [approved, ...settings, ...prose, counted].filter(({ lines }) => lines.some((line) => line.trim() !== ''))
}

/** Whole, so that one more case does not change the request. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}

// How a team writes what means the same either way, from what is known of its conventions: the surest source decides.
import type { Family } from './language.ts'
import type { Ignorable } from '../syntax/tokens.ts'

/** A choice that changes nothing but the looks of a program. */
export type StyleChoice =
  | 'of the file'
  | 'single quotes'
  | 'double quotes'
  | 'semicolons'
  | 'no semicolons'
  | 'trailing commas'
  | 'trailing commas in arrays and objects'
  | 'no trailing commas'

export type StyleSubject = Ignorable | 'indentation'

export interface Style {
  readonly subject: StyleSubject
  readonly choice: StyleChoice
  /** Only counted: a file that has its own way keeps it. */
  readonly counted: boolean
}

/** A style, and who says so: for people. */
export interface StyleSource extends Style {
  /** "as in your project", "as .prettierrc says". */
  readonly source: string
  /** "1,204 of 1,219"; '' where nothing was counted. */
  readonly evidence: string
}

const SUBJECTS: Readonly<Record<StyleChoice, StyleSubject>> = {
  'of the file': 'indentation',
  'single quotes': 'quotes',
  'double quotes': 'quotes',
  semicolons: 'semicolons',
  'no semicolons': 'semicolons',
  'trailing commas': 'trailing commas',
  'trailing commas in arrays and objects': 'trailing commas',
  'no trailing commas': 'trailing commas',
}

/** null for words that name no such choice. */
export function styleOf(words: string): Pick<Style, 'subject' | 'choice'> | null {
  const choice = CHOICES.find((each) => each === words)
  return choice === undefined ? null : { subject: SUBJECTS[choice], choice }
}

const CHOICES: readonly StyleChoice[] = [
  'single quotes',
  'double quotes',
  'semicolons',
  'no semicolons',
  'trailing commas',
  'trailing commas in arrays and objects',
  'no trailing commas',
]

const WANTED = /^(?:(?:always )?(?:use|write|prefer) )?(single quotes|double quotes|semicolons|trailing commas)/
const UNWANTED = /^(?:no|never use|do not use|don't use|avoid|leave out|write no|use no) (semicolons|trailing commas)/
/** What may follow in a rule without taking anything back. */
const REST = /^(?:,? (?:not|never|instead of|rather than) [a-z ]+)?\.?$/

/** The choice that an approved rule makes, where it says nothing else: any further word could be a condition. */
export function styleOfRule(text: string): Pick<Style, 'subject' | 'choice'> | null {
  const rule = text.trim().toLowerCase()
  const wanted = WANTED.exec(rule)
  if (wanted?.[1] !== undefined && REST.test(rule.slice(wanted[0].length))) return styleOf(wanted[1])
  const unwanted = UNWANTED.exec(rule)
  if (unwanted?.[1] !== undefined && REST.test(rule.slice(unwanted[0].length))) return styleOf(`no ${unwanted[1]}`)
  return null
}

/** Of each subject the style of the first group of sources that has one; none where that group does not agree. */
export function chosenStyles(sources: readonly (readonly StyleSource[])[]): readonly StyleSource[] {
  const chosen = new Map<StyleSubject, StyleSource | null>()
  for (const group of sources) {
    const own = new Map<StyleSubject, StyleSource | null>()
    for (const style of group) {
      const known = own.get(style.subject)
      own.set(style.subject, known === undefined || known?.choice === style.choice ? style : null)
    }
    for (const [subject, style] of own) if (!chosen.has(subject)) chosen.set(subject, style)
  }
  return [...chosen.values()].filter((style) => style !== null)
}

/** How lines that come are indented is no matter of the project: they follow their file. */
export const AS_THE_FILE: StyleSource = {
  subject: 'indentation',
  choice: 'of the file',
  counted: false,
  source: 'as in the file',
  evidence: '',
}

/** "quotes as in your project: single (1,204 of 1,219)" */
export function saidOf({ subject, choice, source, evidence }: StyleSource): string {
  if (subject === 'indentation') return `${subject} ${source}`
  return `${subject} ${source}: ${VALUES[choice]}${evidence === '' ? '' : ` (${evidence})`}`
}

const VALUES: Readonly<Record<StyleChoice, string>> = {
  'of the file': 'its own',
  'single quotes': 'single',
  'double quotes': 'double',
  semicolons: 'written',
  'no semicolons': 'left out',
  'trailing commas': 'written',
  'trailing commas in arrays and objects': 'written in arrays and objects',
  'no trailing commas': 'left out',
}

/** The choices that a language leaves to those who write it. */
const FREE: Readonly<Partial<Record<Family, readonly Ignorable[]>>> = {
  script: ['quotes', 'semicolons', 'trailing commas'],
  python: ['quotes', 'trailing commas'],
  ruby: ['quotes', 'trailing commas'],
  php: ['quotes', 'trailing commas'],
  rust: ['trailing commas'],
}

export function isFree(family: Family, subject: StyleSubject): boolean {
  return subject === 'indentation' || (FREE[family]?.includes(subject) ?? false)
}

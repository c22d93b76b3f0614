// The project's own file of approved rules: a list that people read and edit, with what proved each rule beneath it.
import { checkOf, type Check } from './check.ts'
import type { Case } from './learn.ts'

/** In the project, for the whole team. */
export const CONVENTIONS_FILE = '.slipstream/conventions.md'

export interface ApprovedRule {
  readonly text: string
  /** What stands in parentheses beneath the rule; '' for one that a person has written. */
  readonly evidence: string
  /** null for a rule in free words. */
  readonly check: Check | null
}

const HEADING = `# Conventions

Rules for this project, approved in Slipstream. Each item of the list is one rule: edit or delete them as you like.
`
const ITEM = /^\s{0,3}[-*+]\s+(\S.*?)\s*$/
/** Of the cases so many are named. */
const NAMED_CASES = 3

/** The items of all lists in the file; what is no item says nothing. */
export function approvedRules(text: string): readonly ApprovedRule[] {
  const rules: { text: string; evidence: string }[] = []
  let open = false
  for (const line of text.split(/\r?\n/)) {
    const item = ITEM.exec(line)?.[1]
    if (item !== undefined) {
      rules.push({ text: item.trim(), evidence: '' })
      open = true
      continue
    }
    const last = rules.at(-1)
    const more = /^\s+(\S.*)$/.exec(line)?.[1]?.trim()
    if (more === undefined || last === undefined || !open) {
      open = false
      continue
    }
    const evidence = /^\((.*)\)$/.exec(more)?.[1]
    if (evidence === undefined) last.text += ` ${more}`
    else last.evidence = evidence
  }
  return rules.map((rule) => ({ ...rule, check: checkOf(rule.text) }))
}

/** The file with one more rule; `text` null: there is no file yet. */
export function withRule(text: string | null, rule: string, cases: readonly Case[]): string {
  const present = text === null || text.trim() === '' ? HEADING : text
  const ending = present.includes('\r\n') ? '\r\n' : '\n'
  const item = [`- ${oneLine(rule)}`, `  (${evidenceOf(cases)})`].join(ending)
  const between = /(?:^|\n)\s{0,3}[-*+]\s[^\n]*(?:\n[ \t]+\S[^\n]*)*\n*$/.test(present) ? '' : ending
  return `${present.replace(/\s*$/, '')}${ending}${between}${item}${ending}`
}

/** The file without the rule of this text; null when it holds none. */
export function withoutRule(text: string, rule: string): string | null {
  const lines = text.split(/(?<=\n)/)
  for (const [at, line] of lines.entries()) {
    if (!ITEM.test(line)) continue
    let end = at + 1
    while (end < lines.length && /^\s+\S/.test(lines[end] ?? '') && !ITEM.test(lines[end] ?? '')) end += 1
    if (approvedRules(lines.slice(at, end).join(''))[0]?.text === rule)
      return [...lines.slice(0, at), ...lines.slice(end)].join('')
  }
  return null
}

/** "3 cases: src/a.ts:12, src/b.ts:3, src/c.ts:8" */
export function evidenceOf(cases: readonly Case[]): string {
  const places = cases.slice(0, NAMED_CASES).map(({ path, line }) => `${path}:${line}`)
  const more = cases.length > NAMED_CASES ? ', …' : ''
  return `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}: ${places.join(', ')}${more}`
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}

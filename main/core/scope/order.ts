// An edit with declarations in the order that they had: imports, members, entries and whole definitions.
import { indentOf, isBlank } from '../indent.ts'
import { columnOf, definitionOf, isImport, memberOf } from './language.ts'
import type { Block } from './plain.ts'
import { BORDER, tokenLines } from './tokens.ts'

/**
 * Imports, members, entries and whole definitions keep their places; what is new among them comes where it stands. The order of
 * statements is what a program does: it stays as the edit has it.
 */
export function withoutReordering(block: Block): readonly string[] {
  const { path, old, fresh, next } = block
  if (old.length === 0 || fresh.length === 0) return fresh
  const inLine = sortedWithinLines(block)
  if (!isDeclarative(old) || !isDeclarative(inLine)) return inLine
  const oldUnits = unitsOf(path, old, next)
  const freshUnits = unitsOf(path, inLine, next)
  const stays = new Map<string, number>()
  for (const { meaning } of freshUnits) stays.set(meaning, (stays.get(meaning) ?? 0) + 1)
  const common: Unit[] = []
  for (const unit of oldUnits) {
    const left = stays.get(unit.meaning) ?? 0
    if (left === 0) continue
    stays.set(unit.meaning, left - 1)
    common.push(unit)
  }
  const order = (units: readonly Unit[]): string => units.map(({ meaning }) => meaning).join('\n')
  const known = new Map<string, number>()
  for (const { meaning } of common) known.set(meaning, (known.get(meaning) ?? 0) + 1)
  const placed: Unit[] = []
  const added: { readonly unit: Unit; readonly after: Unit | null }[] = []
  for (const unit of freshUnits) {
    const left = known.get(unit.meaning) ?? 0
    if (left > 0) {
      known.set(unit.meaning, left - 1)
      placed.push(unit)
    } else added.push({ unit, after: placed.at(-1) ?? null })
  }
  if (order(placed) === order(common)) return inLine
  const result: Unit[] = [...common]
  for (const { unit, after } of added.toReversed()) {
    const at = after === null ? 0 : result.findIndex(({ meaning }) => meaning === after.meaning) + 1
    result.splice(at, 0, unit)
  }
  return result.flatMap(({ lines }) => lines)
}

interface Unit {
  readonly lines: readonly string[]
  readonly meaning: string
}

/** Entries of one line each, or definitions with their bodies and the comments above them. */
function unitsOf(path: string, lines: readonly string[], next: string | null): readonly Unit[] {
  const read = tokenLines(path, lines, next)
  const depth = Math.min(...lines.filter((line) => !isBlank(line)).map(indentOf))
  const units: { lines: string[]; meaning: string }[] = []
  let headed = false
  for (const [index, line] of lines.entries()) {
    const meaning = withoutSeparator(read[index]?.meaning ?? '')
    const inner = isBlank(line) || indentOf(line) > depth || /^\s*(?:[)\]}]|end\b)/.test(line)
    const last = units.at(-1)
    if (last !== undefined && (inner || headed)) {
      last.lines.push(line)
      last.meaning += `\n${meaning}`
    } else units.push({ lines: [line], meaning })
    headed = /^\s*(?:\/\/|#(?!include)|\/\*|\*|@\w|"""|--)/.test(line) && !isImport(line)
  }
  return units.map((unit) => ({ lines: unit.lines, meaning: unit.meaning.trim() }))
}

/** The last entry of a list often has none. */
function withoutSeparator(meaning: string): string {
  return /[,;]$/.test(meaning) && meaning.at(-2) === BORDER ? meaning.slice(0, -2) : meaning
}

/** Begins with what no entry of a list or a type does. */
const STATEMENT =
  /^\s*(?:return|let|var|const|if|else|throw|await|yield|raise|delete|new|goto|defer|go|break|continue|case|default|do|try|import|use|puts|print|echo)\b/

/** A case of a `match` on one line, which no other one overlaps. */
const ARM = /^\s*[^=]*[^=!<>]=>\s*[^{]*,\s*$/

/** Whether all that begins in these lines is an import, an entry, or a definition. */
function isDeclarative(lines: readonly string[]): boolean {
  const solid = lines.filter((line) => !isBlank(line))
  if (solid.length === 0) return false
  const depth = Math.min(...solid.map(indentOf))
  const heads = solid.filter(
    (line) => indentOf(line) === depth && !/^\s*(?:[)\]}]|end\b|\/\/|#(?!include)|\/\*|\*|@\w|"""|--)/.test(line),
  )
  const imports = heads.every(isImport)
  const entries = heads.every(
    (line) =>
      /^\s*[^()]*[,;]?\s*$/.test(line) &&
      (memberOf(` ${line}`) ?? columnOf(` ${line}`)) !== null &&
      !STATEMENT.test(line) &&
      !/[^=!<>]=[^=>]/.test(line),
  )
  const arms = heads.every((line) => ARM.test(line) && !/\bif\b|(?:^|\s)_\s*=>|\bdefault\b/.test(line))
  const definitions = heads.every((line) => definitionOf(line) !== null)
  return heads.length > 0 && (imports || entries || arms || definitions)
}

/** `import { b, a }` for `import { a, b }`: names within the braces of an import. */
function sortedWithinLines({ old, fresh }: Block): readonly string[] {
  const names = (line: string): string => (line.match(/[\p{L}\p{N}_$*]+|"[^"]*"|'[^']*'/gu) ?? []).toSorted().join(' ')
  const candidates = new Map(
    old.filter((line) => /[{(,]/.test(line) && isImport(line)).map((line) => [names(line), line]),
  )
  if (candidates.size === 0) return fresh
  return fresh.map((line) => (isImport(line) ? (candidates.get(names(line)) ?? line) : line))
}

// What one file shows of its team's habits, counted: each observation is one place where a choice was made, and which one.
import type { Language } from './language.ts'
import { languageOf } from './language.ts'
import { observeComments } from './comments.ts'
import { scan, type Scanned } from './scan.ts'

/** What a team may agree on. */
export type Subject =
  | 'indentation'
  | 'line endings'
  | 'quotes'
  | 'semicolons'
  | 'trailing commas'
  | 'function names'
  | 'constant names'
  | 'file names'
  | 'import order'
  | 'import endings'
  | 'built-in modules'
  | 'equality'
  | 'declarations'
  | 'object types'
  | 'asynchronous code'
  | 'comparison with None'
  | 'string formatting'
  | 'error handling'
  | 'error wrapping'
  | 'thrown errors'
  | 'failures'
  | 'comments'
  | 'doc comments'
  | 'test files'
  | 'test places'
  | 'test functions'

export interface Observation {
  readonly language: string
  readonly subject: Subject
  /** The choice in plain words ("single quotes"). */
  readonly choice: string
  readonly count: number
}

/** A choice that is none: it counts against the others. */
export const NO_ORDER = 'in no order'

/** Larger files are data or made by machines. */
const LARGEST = 512 * 1024

/** Linear in the text; nothing for a file of no known language. Only choices count: where a language leaves none, nothing is observed. */
export function observe(path: string, text: string): readonly Observation[] {
  const language = languageOf(path)
  if (language === null || text.length > LARGEST) return []
  const counts = new Map<string, Observation>()
  const note: Note = (subject, choice, count = 1) => {
    const key = `${subject}\n${choice}`
    const former = counts.get(key)?.count ?? 0
    counts.set(key, { language: language.name, subject, choice, count: former + count })
  }
  const scanned = scan(path, text)
  layout(text, scanned, language, note)
  if (language.family === 'data' || language.family === 'style') return [...counts.values()]
  literals(scanned, language, note)
  statements(scanned, language, note)
  observeComments(path, scanned, language, note)
  if (language.family === 'script') imports(text.split(/\r?\n/), note)
  else importOrder(scanned.code, language, note)
  names(path, scanned, language, note)
  tests(path, scanned, language, note)
  for (const { families, pattern, subject, choice } of HABITS) {
    if (!families.includes(language.family)) continue
    for (const line of scanned.code) if (pattern.test(line)) note(subject, choice)
  }
  return [...counts.values()]
}

type Note = (subject: Subject, choice: string, count?: number) => void

function layout(text: string, { code }: Scanned, language: Language, note: Note): void {
  const crlf = text.split('\r\n').length - 1
  const lf = text.split('\n').length - 1 - crlf
  // One vote a file: its lines did not choose one by one.
  if (crlf + lf > 0) note('line endings', crlf > lf ? 'CRLF' : 'LF')
  // gofmt leaves no choice.
  if (language.family === 'go') return
  let former = ''
  for (const line of code) {
    if (line === '') continue
    const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
    // Only a step inwards shows the width of a step; what aligns with a bracket is no step.
    if (indent.length > former.length && indent.startsWith(former)) {
      const step = indent.slice(former.length)
      if (/^\t$/.test(step)) note('indentation', 'tabs')
      else if (step === '  ' || step === '    ') note('indentation', `${step.length} spaces`)
    }
    former = indent
  }
}

function literals({ literals: found }: Scanned, { family }: Language, note: Note): void {
  if (family !== 'script' && family !== 'python' && family !== 'ruby' && family !== 'php') return
  for (const { quote, inner, before } of found) {
    // Attributes of JSX have quotes of their own.
    if (family === 'script' && before === '=') continue
    // What holds a quote, an escape or a substitution had no choice.
    if (/['"\\]|#\{|\$/.test(inner)) continue
    if (quote === "'") note('quotes', 'single quotes')
    else if (quote === '"') note('quotes', 'double quotes')
  }
}

/** A statement that is whole on its line. */
const STATEMENT =
  /^\s*(?:(?:export\s+)?(?:const|let|var)\s+[\w$]+[^=]*=\s*[^={([,]|return\s+\S|throw\s+\S|import\b.*(?:from\s*|import\s*)['"]|export\b.*from\s*['"]|[\w$.]+\(.*\)\s*;?$|(?:break|continue)\s*;?$)/
const UNFINISHED = /(?:[-+*/%=<>&|^?:,({[.\\`]|=>)$/

/** Whether a statement of JavaScript is whole on this line of code; whatever ends it. */
export function endsStatement(line: string): boolean {
  return STATEMENT.test(line) && !UNFINISHED.test(line) && balanced(line)
}

function statements({ code }: Scanned, { family }: Language, note: Note): void {
  if (family === 'script') {
    for (const [at, line] of code.entries()) {
      if (!endsStatement(line)) continue
      // The next line may go on with it.
      if (/^\s*[-.?:+*/|&=,)]/.test(nextCode(code, at))) continue
      note('semicolons', line.endsWith(';') ? 'semicolons' : 'no semicolons')
    }
  }
  if (family !== 'script' && family !== 'python' && family !== 'rust' && family !== 'php' && family !== 'ruby') return
  for (const [at, line] of code.entries()) {
    if (!/^\s*[\])}]+[,;)]*$/.test(line)) continue
    const opener = openerOf(code, at)
    const last = code[at - 1] ?? ''
    if (opener === null || last === '' || opener === at - 1) continue
    const bracket = line.trim().charAt(0)
    if (!isList(code[opener] ?? '', bracket)) continue
    if (/[;{]$|=>$/.test(last) || /^\s*[\])}]+;?$/.test(last)) continue
    // After a rest element none may stand.
    if (/^\s*\.\.\.[\w$]+$/.test(last) && bracket !== ']') continue
    note('trailing commas', last.endsWith(',') ? 'trailing commas' : 'no trailing commas')
  }
}

/** Whether what this line opens holds members: a block ends with a brace too, and what is only grouped with a parenthesis. */
function isList(opener: string, bracket: string): boolean {
  if (bracket === '}') return /(?:[=:([,]|\breturn)\s*\{$/.test(opener) && !/^\s*(?:export\s+)?type\s/.test(opener)
  if (bracket === ')')
    return /[\w$\])>]\($/.test(opener) && !/\b(?:if|while|for|switch|return|catch)\s*\($/.test(opener)
  return true
}

function balanced(line: string): boolean {
  let depth = 0
  for (const character of line) {
    if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) depth -= 1
    if (depth < 0) return false
  }
  return depth === 0
}

function nextCode(code: readonly string[], at: number): string {
  for (let line = at + 1; line < Math.min(code.length, at + 4); line += 1) {
    const text = code[line] ?? ''
    if (text !== '') return text
  }
  return ''
}

/** Lines that are looked at for the line in which a bracket was opened. */
const OPENER_SEARCH = 60

/** Index of the nearest line above with the same indentation that ends in a bracket; null when it is farther off. */
function openerOf(code: readonly string[], at: number): number | null {
  const indent = /^\s*/.exec(code[at] ?? '')?.[0].length ?? 0
  for (let line = at - 1; line >= Math.max(0, at - OPENER_SEARCH); line -= 1) {
    const text = code[line] ?? ''
    if (text === '' || (/^\s*/.exec(text)?.[0].length ?? 0) > indent) continue
    return /[([{]$/.test(text) ? line : null
  }
  return null
}

function imports(lines: readonly string[], note: Note): void {
  let block: string[] = []
  const settle = (): void => {
    if (block.length >= 3) note('import order', isSorted(block) ? 'sorted by module' : NO_ORDER)
    block = []
  }
  for (const line of lines) {
    const module = /^import\b.*['"]([^'"]+)['"];?\s*$/.exec(line)?.[1]
    if (module === undefined) {
      settle()
      continue
    }
    block.push(module)
    if (/^\.{1,2}\//.test(module))
      note('import endings', /\.[a-z]{2,4}$/.test(module) ? 'with the file ending' : 'without file ending')
    if (NODE_MODULES.has(module.replace(/^node:/, '').replace(/\/.*$/, '')))
      note('built-in modules', module.startsWith('node:') ? 'node: before them' : 'without node:')
  }
  settle()
}

const IMPORTED: Readonly<Partial<Record<Language['family'], RegExp>>> = {
  python: /^(import|from)\s+([\w.]+)/,
  java: /^(import|using)\s+(?:static\s+)?([\w.]+);?$/,
}

/** Sorted by module, or first all of one kind and then all of the other, as isort has it. */
function importOrder(code: readonly string[], { family }: Language, note: Note): void {
  const pattern = IMPORTED[family]
  if (pattern === undefined) return
  let block: (readonly [kind: string, module: string])[] = []
  for (const line of [...code, '']) {
    const [, kind, module] = pattern.exec(line) ?? []
    if (kind !== undefined && module !== undefined) {
      block.push([kind, module])
      continue
    }
    if (block.length >= 3) {
      const kinds = [...new Set(block.map(([each]) => each))]
      const parts = kinds.map((each) => block.filter(([other]) => other === each).map(([, name]) => name))
      const isParted = block.every(([each], at) => at === 0 || each === block[at - 1]?.[0] || each !== block[0]?.[0])
      const sorted = isSorted(block.map(([, name]) => name)) || (isParted && parts.every(isSorted))
      note('import order', sorted ? 'sorted by module' : NO_ORDER)
    }
    block = []
  }
}

/** Those that nobody else's package is called. */
const NODE_MODULES: ReadonlySet<string> = new Set(
  'assert child_process crypto fs http https net os path readline stream url util worker_threads zlib'.split(' '),
)

function isSorted(lines: readonly string[]): boolean {
  return lines.every((line, at) => at === 0 || (lines[at - 1] ?? '').localeCompare(line) <= 0)
}

const FUNCTION: Partial<Record<Language['family'], RegExp>> = {
  script: /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)/,
  python: /^\s*(?:async\s+)?def\s+(\w+)/,
  ruby: /^\s*def\s+(?:self\.)?(\w+)/,
  rust: /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\s+(\w+)/,
  c: /^[\w*]+\s+[\w\s*]*?\b(\w+)\([^;]*$/,
  php: /^\s*(?:(?:public|private|protected|static|final|abstract)\s+)*function\s+(\w+)/,
}
/** A name at the top of a file for a value that is written there. */
const CONSTANT: Partial<Record<Language['family'], RegExp>> = {
  script: /^(?:export\s+)?const\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:-?\d|['"`]_)/,
  python: /^([A-Za-z]\w*)\s*(?::[^=]+)?=\s*(?:-?\d|['"]_)/,
}

function names(path: string, { code }: Scanned, { family }: Language, note: Note): void {
  const procedure = FUNCTION[family]
  const constant = CONSTANT[family]
  for (const line of code) {
    const name = procedure === undefined ? undefined : procedure.exec(line)?.[1]
    const style = name === undefined ? null : caseOf(name)
    // A component or a constructor is a name of another kind.
    if (style !== null && style !== 'PascalCase' && style !== 'UPPER_CASE') note('function names', style)
    const value = constant === undefined ? undefined : constant.exec(line)?.[1]
    const kind = value === undefined ? null : caseOf(value)
    if (kind !== null) note('constant names', kind)
  }
  const file = (/([^/]+)$/.exec(path)?.[1] ?? '').replace(/\..*$/, '')
  const style = /-/.test(file) ? 'kebab-case' : caseOf(file)
  if (style !== null && family !== 'java' && family !== 'go') note('file names', style)
}

/** null for a name that shows no choice: one word in small letters fits all of them. */
function caseOf(name: string): string | null {
  const bare = name.replace(/^[_$]+|[_$]+$/g, '')
  if (/^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(bare) && bare.length > 1) return 'UPPER_CASE'
  if (/^[a-z\d]+(?:_[a-z\d]+)+$/.test(bare)) return 'snake_case'
  if (/^[a-z][a-z\d]*(?:[A-Z][A-Za-z\d]*)+$/.test(bare)) return 'camelCase'
  if (/^[A-Z][a-z\d]+(?:[A-Z][A-Za-z\d]*)*$/.test(bare)) return 'PascalCase'
  return null
}

function tests(path: string, { code }: Scanned, { family }: Language, note: Note): void {
  const name = /([^/]+)$/.exec(path)?.[1] ?? ''
  const folder = /(?:^|\/)(?:tests?|__tests__|spec|e2e)\//.test(path)
  const pattern = testNameOf(name, family)
  if (pattern === null) return
  note('test files', pattern)
  if (family === 'script' || family === 'python' || family === 'ruby')
    note('test places', folder ? 'in a folder of their own' : 'beside what they test')
  if (family !== 'script') return
  for (const line of code) {
    if (/^\s*it\(/.test(line)) note('test functions', 'it(…)')
    else if (/^\s*test\(/.test(line)) note('test functions', 'test(…)')
  }
}

function testNameOf(name: string, family: Language['family']): string | null {
  if (family === 'script') {
    if (/\.test\.\w+$/.test(name)) return 'NAME.test.*'
    return /\.spec\.\w+$/.test(name) ? 'NAME.spec.*' : null
  }
  if (family === 'python') {
    if (/^test_\w+\.py$/.test(name)) return 'test_NAME.py'
    return name.endsWith('_test.py') ? 'NAME_test.py' : null
  }
  if (family === 'ruby') {
    if (name.endsWith('_spec.rb')) return 'NAME_spec.rb'
    return name.endsWith('_test.rb') ? 'NAME_test.rb' : null
  }
  return null
}

interface Habit {
  readonly families: readonly Language['family'][]
  /** On one line of code, without comments and with `_` for what strings hold. */
  readonly pattern: RegExp
  readonly subject: Subject
  readonly choice: string
}

const SCRIPT = ['script'] as const
const PYTHON = ['python'] as const

/** Choices that show on one line. */
const HABITS: readonly Habit[] = [
  { families: SCRIPT, pattern: /[^=!]===[^=]|!==/, subject: 'equality', choice: '=== and !==' },
  { families: SCRIPT, pattern: /[^=!<>]==[^=]|[^!]!=[^=]/, subject: 'equality', choice: '== and !=' },
  { families: SCRIPT, pattern: /^\s*(?:export\s+)?(?:const|let)\s/, subject: 'declarations', choice: 'const and let' },
  { families: SCRIPT, pattern: /^\s*(?:export\s+)?var\s/, subject: 'declarations', choice: 'var' },
  { families: SCRIPT, pattern: /^\s*(?:export\s+)?interface\s+\w/, subject: 'object types', choice: 'interface' },
  { families: SCRIPT, pattern: /^\s*(?:export\s+)?type\s+\w+\s*=\s*\{/, subject: 'object types', choice: 'type' },
  { families: SCRIPT, pattern: /\bawait\s/, subject: 'asynchronous code', choice: 'await' },
  { families: SCRIPT, pattern: /\.then\(/, subject: 'asynchronous code', choice: '.then(…)' },
  { families: SCRIPT, pattern: /\bthrow new Error\(/, subject: 'thrown errors', choice: 'throw new Error(…)' },
  {
    families: SCRIPT,
    pattern: /\bthrow new (?!Error\()\w+\(/,
    subject: 'thrown errors',
    choice: 'errors of their own classes',
  },
  { families: SCRIPT, pattern: /\bthrow\s/, subject: 'failures', choice: 'thrown' },
  {
    families: SCRIPT,
    pattern: /\breturn (?:\{ (?:ok|success): false\b|(?:err|Err|fail|failure|Result\.err|Result\.fail)\()/,
    subject: 'failures',
    choice: 'returned as values',
  },
  { families: PYTHON, pattern: /^(?:async )?def test_\w/, subject: 'test functions', choice: 'plain functions' },
  { families: PYTHON, pattern: /^\s+(?:async )?def test_\w+\(self/, subject: 'test functions', choice: 'methods' },
  { families: PYTHON, pattern: /\bis (?:not )?None\b/, subject: 'comparison with None', choice: 'is None' },
  { families: PYTHON, pattern: /[=!]= None\b/, subject: 'comparison with None', choice: '== None' },
  { families: PYTHON, pattern: /\bf['"]_/, subject: 'string formatting', choice: 'f-strings' },
  { families: PYTHON, pattern: /['"]_['"]\.format\(/, subject: 'string formatting', choice: '.format(…)' },
  { families: PYTHON, pattern: /['"]_['"] % [\w(]/, subject: 'string formatting', choice: '% formatting' },
  { families: PYTHON, pattern: /^\s*except\s*:/, subject: 'error handling', choice: 'bare except' },
  { families: PYTHON, pattern: /^\s*except\s+[\w(]/, subject: 'error handling', choice: 'except with a class' },
  { families: ['rust'], pattern: /[\w)\]]\?(?:[;.,)\s]|$)/, subject: 'error handling', choice: '?' },
  { families: ['rust'], pattern: /\.(?:unwrap|expect)\(/, subject: 'error handling', choice: 'unwrap and expect' },
  { families: ['go'], pattern: /\bfmt\.Errorf\(/, subject: 'error wrapping', choice: 'fmt.Errorf' },
  { families: ['go'], pattern: /\berrors\.(?:Wrap|WithMessage)f?\(/, subject: 'error wrapping', choice: 'errors.Wrap' },
]

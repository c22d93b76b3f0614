// What a team has written down about its conventions: which files say it, which of them hold for a file, and what settings mean in words.
import { languageOf } from './language.ts'

/** `prose`: for people and assistants, taken as it stands. `settings`: of an editor, a formatter or a linter, told in words. */
export type WrittenKind = 'prose' | 'settings'

const PROSE =
  /(?:^|\/)(?:AGENTS\.md|CLAUDE\.md|CONVENTIONS\.md|\.cursorrules|\.github\/copilot-instructions\.md|\.cursor\/rules(?:\/[^/]+\.mdc?)?)$/i
const SETTINGS =
  /(?:^|\/)(?:\.editorconfig|\.prettierrc(?:\.json|\.ya?ml)?|\.eslintrc(?:\.json)?|biome\.jsonc?|pyproject\.toml|\.?ruff\.toml|\.?rustfmt\.toml|\.clang-format|package\.json)$/

/** null for a file that says nothing about conventions. */
export function writtenKind(path: string): WrittenKind | null {
  if (PROSE.test(path)) return 'prose'
  return SETTINGS.test(path) ? 'settings' : null
}

/** The folder that a file of conventions speaks for: `.github` and `.cursor` stand in it. '' is the project. */
function scopeOf(path: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  return folder.replace(/(?:^|\/)(?:\.github|\.cursor(?:\/rules)?)$/, '')
}

/** Those of the files of conventions that hold for `target`: of each name the nearest one, and the nearest first. */
export function holdingFor(paths: readonly string[], target: string): readonly string[] {
  const above = paths
    .map((path) => ({ path, scope: scopeOf(path) }))
    .filter(({ scope }) => scope === '' || target.startsWith(`${scope}/`))
    .sort((a, b) => b.scope.length - a.scope.length || (a.path < b.path ? -1 : 1))
  const scopes = new Map<string, string>()
  return above
    .filter(({ path, scope }) => {
      const name = nameOf(path)
      const nearest = scopes.get(name) ?? scope
      scopes.set(name, nearest)
      return nearest === scope
    })
    .map(({ path }) => path)
}

/** All rules of `.cursor/rules` are one kind of file, and all spellings of one tool's settings. */
function nameOf(path: string): string {
  if (/\.cursor\/rules/.test(path)) return '.cursor/rules'
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return name.replace(/(?:\.json|\.ya?ml|\.jsonc)$/, '')
}

/** Prose without what only tools read: the front matter, and comments. */
export function proseOf(text: string): string {
  return text
    .replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---\r?\n/, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .trim()
}

/** What the settings say about `target`, in words; nothing for what cannot be read. */
export function settingsOf(path: string, text: string, target: string): readonly string[] {
  const name = nameOf(path)
  if (WEB_TOOLS.has(name) && !isForWebTools(target)) return []
  switch (name) {
    case '.editorconfig':
      return editorConfig(text, scopeOf(path), target)
    case '.prettierrc':
      return wordsOf(PRETTIER, entriesOf(text))
    case 'package':
      return wordsOf(PRETTIER, flatten(field(parseJson(text), 'prettier')))
    case '.eslintrc':
      return eslint(field(parseJson(text), 'rules'))
    case 'biome':
      return wordsOf(BIOME, flatten(parseJson(text)))
    case 'pyproject.toml':
    case 'ruff.toml':
    case '.ruff.toml':
      return /\.pyi?$/.test(target) ? wordsOf(RUFF, tomlOf(text)) : []
    case 'rustfmt.toml':
    case '.rustfmt.toml':
      return target.endsWith('.rs') ? wordsOf(RUSTFMT, tomlOf(text)) : []
    case '.clang-format':
      return /\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm)$/.test(target) ? wordsOf(CLANG, entriesOf(text)) : []
    default:
      return []
  }
}

/** Tools that read no other languages than those of the web, and data. */
const WEB_TOOLS: ReadonlySet<string> = new Set(['.prettierrc', 'package', '.eslintrc', 'biome'])

function isForWebTools(target: string): boolean {
  const family = languageOf(target)?.family
  return family === undefined || family === 'script' || family === 'style' || family === 'data'
}

/** What a setting's value means; null when nothing worth saying. */
type Meaning = (value: string) => string | null
type Meanings = ReadonlyMap<string, Meaning>

const quotes = (value: string): string | null => (/^(?:single|double)$/.test(value) ? `${value} quotes` : null)
const width = (value: string): string | null => (/^\d+$/.test(value) ? `lines of at most ${value} characters` : null)
const spaces = (value: string): string | null => (/^\d+$/.test(value) ? `indent with ${value} spaces` : null)
const yes =
  (on: string, off: string | null): Meaning =>
  (value) =>
    value === 'true' ? on : value === 'false' ? off : null
const when =
  (meanings: Readonly<Record<string, string>>): Meaning =>
  (value) =>
    Object.hasOwn(meanings, value) ? (meanings[value] ?? null) : null

const PRETTIER: Meanings = new Map([
  ['semi', yes('semicolons', 'no semicolons')],
  ['singleQuote', yes('single quotes', 'double quotes')],
  ['tabWidth', spaces],
  ['useTabs', yes('indent with tabs', null)],
  ['printWidth', width],
  [
    'trailingComma',
    when({ all: 'trailing commas', es5: 'trailing commas in arrays and objects', none: 'no trailing commas' }),
  ],
  [
    'arrowParens',
    when({ always: 'parentheses around arrow parameters', avoid: 'no parentheses around a lone arrow parameter' }),
  ],
])
const BIOME: Meanings = new Map([
  ['formatter.indentStyle', when({ tab: 'indent with tabs', space: 'indent with spaces' })],
  ['formatter.indentWidth', spaces],
  ['formatter.lineWidth', width],
  ['javascript.formatter.quoteStyle', quotes],
  ['javascript.formatter.semicolons', when({ always: 'semicolons', asNeeded: 'no semicolons' })],
  ['javascript.formatter.trailingCommas', when({ all: 'trailing commas', none: 'no trailing commas' })],
])
const RUFF: Meanings = new Map([
  ['tool.black.line-length', width],
  ['tool.ruff.line-length', width],
  ['line-length', width],
  ['tool.ruff.format.quote-style', quotes],
  ['format.quote-style', quotes],
  ['tool.ruff.indent-width', spaces],
])
const RUSTFMT: Meanings = new Map([
  ['max_width', width],
  ['tab_spaces', spaces],
  ['hard_tabs', yes('indent with tabs', null)],
])
const CLANG: Meanings = new Map([
  ['BasedOnStyle', (value: string) => `${value} style`],
  ['IndentWidth', spaces],
  ['ColumnLimit', width],
  ['UseTab', when({ Always: 'indent with tabs' })],
])

function wordsOf(meanings: Meanings, entries: ReadonlyMap<string, string>): readonly string[] {
  return [...meanings].flatMap(([key, meaning]) => {
    const value = entries.get(key)
    const words = value === undefined ? null : meaning(value)
    return words === null ? [] : [words]
  })
}

function eslint(rules: unknown): readonly string[] {
  const found: string[] = []
  for (const [rule, setting] of Object.entries(isObject(rules) ? rules : {})) {
    const [level, first] = Array.isArray(setting) ? setting.map(String) : [String(setting), '']
    if (level === 'off' || level === '0') continue
    if (rule === 'quotes' && (first === 'single' || first === 'double')) found.push(`${first} quotes`)
    else if (rule === 'semi') found.push(first === 'never' ? 'no semicolons' : 'semicolons')
    else if (rule === 'indent' && first !== undefined && first !== '') {
      found.push(first === 'tab' ? 'indent with tabs' : `indent with ${first} spaces`)
    } else if (rule === 'no-var') found.push('no var')
    else if (rule === 'eqeqeq') found.push('=== and !==')
    else if (rule === 'prefer-const') found.push('const where nothing is assigned anew')
  }
  return found
}

// ── .editorconfig ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Sections whose pattern fits; later ones win (https://spec.editorconfig.org). */
function editorConfig(text: string, scope: string, target: string): readonly string[] {
  const relative = scope === '' ? target : target.slice(scope.length + 1)
  const settings = new Map<string, string>()
  let fits = false
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]
    if (section !== undefined) fits = globOf(section).test(relative)
    const [, key, value] = /^\s*([\w-]+)\s*[=:]\s*([^#;]*?)\s*(?:[#;].*)?$/.exec(line) ?? []
    if (fits && key !== undefined && value !== undefined) settings.set(key.toLowerCase(), value.toLowerCase())
  }
  const words: string[] = []
  const size = settings.get('indent_size') ?? settings.get('tab_width')
  if (settings.get('indent_style') === 'tab') words.push('indent with tabs')
  else if (size !== undefined && /^\d+$/.test(size)) words.push(`indent with ${size} spaces`)
  const end = settings.get('end_of_line')
  if (end === 'lf' || end === 'crlf') words.push(`${end.toUpperCase()} line endings`)
  if (settings.get('insert_final_newline') === 'true') words.push('a newline at the end of the file')
  const most = settings.get('max_line_length')
  if (most !== undefined && /^\d+$/.test(most)) words.push(`lines of at most ${most} characters`)
  return words
}

/** Longer patterns, or more alternatives than this, are no settings of a person. */
const LONGEST_GLOB = 200
const NOTHING = /(?!)/

/** `*`, `**`, `?`, `[...]`, `{a,b}`, `{1..3}` as any number. A pattern without a slash fits names in any folder. */
function globOf(glob: string): RegExp {
  if (glob.length > LONGEST_GLOB) return NOTHING
  let source = ''
  let depth = 0
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob.charAt(at)
    const range = /^\{-?\d+\.\.-?\d+\}/.exec(glob.slice(at))?.[0]
    const set = /^\[!?[^\]/\\]+\]/.exec(glob.slice(at))?.[0]
    if (range !== undefined) {
      source += '-?\\d+'
      at += range.length - 1
    } else if (set !== undefined) {
      source += set.replace(/^\[!/, '[^')
      at += set.length - 1
    } else if (glob.startsWith('**', at)) {
      source += '.*'
      at += 1
    } else if (character === '*') source += '[^/]*'
    else if (character === '?') source += '[^/]'
    else if (character === '{') {
      depth += 1
      source += '(?:'
    } else if (character === '}' && depth > 0) {
      depth -= 1
      source += ')'
    } else if (character === ',' && depth > 0) source += '|'
    else source += character.replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
  }
  const path = glob.includes('/') ? source.replace(/^\//, '') : `(?:.*/)?${source}`
  try {
    return depth === 0 ? new RegExp(`^${path}$`) : NOTHING
  } catch {
    return NOTHING
  }
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Top-level entries of JSON, or of YAML as simple settings are written. */
function entriesOf(text: string): ReadonlyMap<string, string> {
  const json = parseJson(text)
  if (json !== undefined) return flatten(json)
  const entries = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^([A-Za-z]\w*)\s*:\s*(.*?)\s*(?:\s#.*)?$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) entries.set(key, value.replace(/^(['"])(.*)\1$/, '$2'))
  }
  return entries
}

/** `[table]` headings and `key = value` of one line; what spans lines says nothing that is asked for here. */
function tomlOf(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  let table = ''
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[([\w.-]+)\]\s*(?:#.*)?$/.exec(line)?.[1]
    if (heading !== undefined) table = `${heading}.`
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*(?:\s#.*)?$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) entries.set(table + key, value.replace(/^(['"])(.*)\1$/, '$2'))
  }
  return entries
}

/** Nested objects as `a.b`; deeper than four levels nothing is looked for. */
function flatten(value: unknown, prefix = '', depth = 0): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  if (!isObject(value) || depth > 3) return entries
  for (const [key, inner] of Object.entries(value)) {
    if (isObject(inner))
      for (const [name, text] of flatten(inner, `${prefix}${key}.`, depth + 1)) entries.set(name, text)
    else entries.set(prefix + key, String(inner))
  }
  return entries
}

/** JSON as people write it in settings: with comments and trailing commas. undefined when it is none. */
function parseJson(text: string): unknown {
  const plain = text
    .replaceAll(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replaceAll(/,(\s*[\]}])/g, '$1')
  try {
    return JSON.parse(plain)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

// What can be told of a line without knowing its language: names it defines, imports, comments, and which words are only grammar.
import { beginsComment, commentSyntaxOf } from '../comment-syntax.ts'

export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return name.slice(name.lastIndexOf('.') + 1)
}

/** The file's name without folders and endings: `total` of `src/cart/total.test.ts`. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const stem = name.replace(/^\.+/, '').replace(/\..*$/, '')
  return stem.replace(/^(?:test|spec)_|_(?:test|spec|unittest)$|(?:Test|Tests|Spec)$/, '')
}

export function isTestPath(path: string): boolean {
  return /(?:^|\/)(?:tests?|specs?|__tests__|testing|src\/test)\/|(?:^|\/)(?:test|spec)_[^/]*$|[._-](?:test|tests|spec|e2e)\.[^/]*$|_test\.[^/]*$|(?:Test|Tests|Spec|IT)\.[^/.]+$/.test(
    path,
  )
}

/** Prose about the project, not the project itself. */
export function isProsePath(path: string): boolean {
  return /\.(?:md|mdx|markdown|rst|adoc|txt)$|(?:^|\/)(?:README|CHANGELOG|CHANGES|HISTORY)[^/]*$/i.test(path)
}

/** Data and markup: lines stand beside each other without one block around them. */
export function isData(path: string): boolean {
  return /\.(?:ya?ml|json5?|jsonc|toml|ini|env|properties|css|scss|less|sql|html?|xml|svg|md|mdx|tf|hcl|proto|graphql|csv|lock)$/i.test(
    path,
  )
}

const GRAMMAR = new Set(
  `abstract alias and any are array as assert async auto await base begin bool boolean break byte call case catch char class close
  const constructor continue crate debugger declare def default defer del delete describe dict do done double dyn each elif else elsif
  end ensure enum esac except exit expect explicit export extends extern false fi final finally float fn for foreach from func function
  get global go goto has if impl implements import in include inline instanceof int interface internal into is it italic json key
  lambda let list local long loop map match mod module move mut namespace native new nil not null number object of open operator or
  out override package params pass print println private protected pub public puts raise range readonly record ref repeat require
  rescue return self set short signed sizeof static str string struct sub super switch template test then this throw throws to trait true
  try type typedef typeof undefined union unless unsigned until use using val var virtual void volatile when where while with yield
  None True False Some Ok Err String Int Integer Float Double Boolean Object Promise Result Option Vec List Map Set Array
  echo print_r select insert update from table create values assertEquals assertEqual assertThat toBe toEqual`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

const RESERVED = new Set(
  `abstract and as assert async await begin break case catch class const continue def default defer del do elif else elsif end ensure
  enum except export extends extern false finally fn for foreach func function global goto if impl implements import in instanceof
  interface is lambda let module mut namespace new nil not null or package pass private protected public pub raise rescue return self
  static struct super switch template then this throw throws trait true try typedef typeof undefined union unless unsafe until use
  using val var virtual void volatile when where while with yield None True False int string bool double float long short char byte
  boolean String Integer number`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

/** A word that no name can be, in one language or another. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word)
}

/** Words that a name cannot be told by. */
export function isGrammar(word: string): boolean {
  return GRAMMAR.has(word) || word.length < 2 || /^\p{N}/u.test(word)
}

const NAME = String.raw`[\p{L}_$][\p{L}\p{N}_$]*[?!]?`
const MODIFIERS = String.raw`(?:(?:export|default|pub(?:\([^)]*\))?|public|private|protected|internal|static|final|abstract|async|override|virtual|readonly|inline|open|data|sealed|suspend|unsafe|extern|const|constexpr|declare|synchronized|native|partial|case|local)\s+)*`
const FUNCTION = new RegExp(
  String.raw`^\s*${MODIFIERS}(?:function\*?|def|defp|defmacro|fn|func|fun|sub|proc|procedure|macro|task)\s+(?:\([^)]*\)\s*)?(?:self\.|[\p{L}_$][\p{L}\p{N}_$]*(?:\.|::))?(${NAME})`,
  'u',
)
const ARROW = new RegExp(
  String.raw`^\s*${MODIFIERS}(?:let|var|val)?\s*(${NAME})\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|\(\s*$|[\p{L}_$][\p{L}\p{N}_$]*\s*=>|lambda\b)`,
  'u',
)
/** `int total(List<Item> items) {`, `total(items) {`, `async total(items: Item[]): number {` */
const METHOD = new RegExp(
  String.raw`^\s*${MODIFIERS}(?:(?:[\p{L}_$][\p{L}\p{N}_$.:]*(?:<[^()]*>)?(?:\[\])*[*&?]*)\s+[*&]*)?(?:[\p{L}_$][\p{L}\p{N}_$]*::)?(${NAME})\s*(?:<[^()]*>)?\((?:[^()]|\([^()]*\))*\)?\s*(?:const\s*)?(?:throws\s[\p{L}\p{N}_$.,\s]+)?(?::\s*[^={]+|->\s*[^{]+)?(?:\{|;|=>|$)`,
  'u',
)
const TYPE = new RegExp(
  String.raw`^\s*${MODIFIERS}(?:class|interface|type|enum|struct|trait|impl(?:<[^>]*>)?|record|object|module|namespace|protocol|extension|defmodule|union|typedef|contract|message|schema|model|CREATE TABLE(?: IF NOT EXISTS)?|ALTER TABLE|create table|alter table)\s+["\x60]?(${NAME})`,
  'u',
)
const VARIABLE = new RegExp(
  String.raw`^\s*${MODIFIERS}(?:(?:let|var|val|const|static|mut|my|our|define)\s+)+(?:mut\s+)?(${NAME})`,
  'u',
)
const CONTROL =
  /^(?:if|for|while|switch|catch|return|else|elif|match|when|unless|until|foreach|with|using|lock|throw|await|new|yield|super|do|try|case|assert|expect|describe|it|test|and|or|not|print|println|puts|echo|delete|typeof|sizeof|defer|go|raise|require|include|import|from)$/

/** The function, method or type that begins on this line; null when none does. */
export function definitionOf(line: string): string | null {
  const text = line.length > 400 ? line.slice(0, 400) : line
  const named = FUNCTION.exec(text)?.[1] ?? TYPE.exec(text)?.[1] ?? ARROW.exec(text)?.[1]
  if (named !== undefined) return named
  const method = METHOD.exec(text)?.[1]
  if (method === undefined || CONTROL.test(method)) return null
  // A call that ends in `;` looks like a declaration without body: only one with a type before its name is.
  const before = text.slice(0, text.indexOf(method)).trim()
  const isCall = /;\s*$/.test(text) && before === ''
  const ends = /(?:\{|=>)\s*$/.test(text) || (before !== '' && !CONTROL.test(before.split(/\s+/)[0] ?? ''))
  return isCall || !ends || /[.=(]/.test(before) ? null : method
}

/** The constant or variable that this line brings; null when it brings none. */
export function variableOf(line: string): string | null {
  const text = line.length > 400 ? line.slice(0, 400) : line
  return (
    VARIABLE.exec(text)?.[1] ??
    /^([A-Z][A-Z0-9_]+|[\p{L}_][\p{L}\p{N}_]*)\s*(?::[^=]+)?(?::=|=)(?![=>])/u.exec(text)?.[1] ??
    null
  )
}

const MEMBER = new RegExp(
  String.raw`^\s+${MODIFIERS}(?:(?:val|var|let)\s+)?(?:--|["'])?(${NAME}|[\p{L}_][\p{L}\p{N}_-]*)["']?\??\s*(?::|=|,|$|=>)`,
  'u',
)

/** A field, a key, a column or a member of an enumeration: the name that begins the line. */
export function memberOf(line: string): string | null {
  return MEMBER.exec(line.length > 400 ? line.slice(0, 400) : line)?.[1] ?? null
}

/** A field or a column whose type follows it (`Created time.Time`, `amount integer not null`): only within a type that is one. */
export function columnOf(line: string): string | null {
  return (
    /^\s+["\x60]?([\p{L}_][\p{L}\p{N}_]*)["\x60]?\s+[\p{L}*[]/u.exec(
      line.length > 400 ? line.slice(0, 400) : line,
    )?.[1] ?? null
  )
}

const IMPORT =
  /^\s*(?:import\b|from\s+\S+\s+import\b|export\s+(?:\*|\{[^}]*\}|type\s*\{[^}]*\})\s*from\b|use\s+[\w\\:{(]|using\s+[\w.=\s]+;|#\s*include\b|require(?:_once|_relative)?\b|include(?:_once)?\b|(?:const|let|var)\s+[^=]+=\s*require\(|package\s+[\w.]+;?\s*$|extern\s+crate\b|mod\s+\w+;|@(?:use|import|forward)\b|alias\s+[A-Z]|"[\w./-]+"\s*$|_\s+"[\w./-]+"|[\w.]+\s+"[\w./-]+"\s*$)/

/** Whether the line brings names of other files in. Within the brackets of an import a line holds names alone. */
export function isImport(line: string): boolean {
  return IMPORT.test(line.length > 400 ? line.slice(0, 400) : line)
}

/** Whether there is nothing but comment on the line. `*` and `"""` go on with one that began above. */
export function isComment(path: string, line: string): boolean {
  const text = line.trim()
  if (text === '') return false
  return (
    /^(?:\*(?:\s|\/|$)|"""|'''|\/\/\/|#!|<!--)/.test(text) ||
    beginsComment(path, text) ||
    commentSyntaxOf(path).blocks.some(([, close]) => text.endsWith(close))
  )
}

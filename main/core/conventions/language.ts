// Which language a file is in, for conventions: only files of one language are counted together.

export type Family = 'script' | 'python' | 'ruby' | 'go' | 'rust' | 'java' | 'c' | 'php' | 'style' | 'data' | 'other'

export interface Language {
  /** As people write it. */
  readonly name: string
  readonly family: Family
}

const LANGUAGES: readonly (readonly [endings: string, name: string, family: Family])[] = [
  ['ts tsx mts cts', 'TypeScript', 'script'],
  ['js jsx mjs cjs', 'JavaScript', 'script'],
  ['vue', 'Vue', 'script'],
  ['svelte', 'Svelte', 'script'],
  ['py pyi', 'Python', 'python'],
  ['rb rake', 'Ruby', 'ruby'],
  ['go', 'Go', 'go'],
  ['rs', 'Rust', 'rust'],
  ['java', 'Java', 'java'],
  ['kt kts', 'Kotlin', 'java'],
  ['cs', 'C#', 'java'],
  ['scala', 'Scala', 'java'],
  ['swift', 'Swift', 'java'],
  ['dart', 'Dart', 'java'],
  ['c h', 'C', 'c'],
  ['cc cpp cxx hh hpp hxx', 'C++', 'c'],
  ['php', 'PHP', 'php'],
  ['css scss less', 'CSS', 'style'],
  ['json jsonc json5 yml yaml toml', 'data files', 'data'],
  ['sh bash zsh', 'Shell', 'other'],
  ['sql', 'SQL', 'other'],
  ['lua', 'Lua', 'other'],
  ['ex exs', 'Elixir', 'other'],
]

const BY_ENDING: ReadonlyMap<string, Language> = new Map(
  LANGUAGES.flatMap(([endings, name, family]) =>
    endings.split(' ').map((ending): [string, Language] => [ending, { name, family }]),
  ),
)

/** null for files whose conventions are not counted. */
export function languageOf(path: string): Language | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return BY_ENDING.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? null
}

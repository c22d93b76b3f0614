// Which language a file is in, for conventions: only files of one language are counted together.
import { languageOf as nameOf } from '../language.ts'

export type Family = 'script' | 'python' | 'ruby' | 'go' | 'rust' | 'java' | 'c' | 'php' | 'style' | 'data' | 'other'

export interface Language {
  /** As people write it. */
  readonly name: string
  readonly family: Family
}

const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['TypeScript', 'script'],
  ['JavaScript', 'script'],
  ['Vue', 'script'],
  ['Svelte', 'script'],
  ['Python', 'python'],
  ['Ruby', 'ruby'],
  ['Go', 'go'],
  ['Rust', 'rust'],
  ['Java', 'java'],
  ['Kotlin', 'java'],
  ['C#', 'java'],
  ['Scala', 'java'],
  ['Swift', 'java'],
  ['Dart', 'java'],
  ['C', 'c'],
  ['C++', 'c'],
  ['PHP', 'php'],
  ['CSS', 'style'],
  ['JSON', 'data'],
  ['YAML', 'data'],
  ['TOML', 'data'],
  ['Shell', 'other'],
  ['SQL', 'other'],
  ['Lua', 'other'],
  ['Elixir', 'other'],
])

/** null for files whose conventions are not counted. Data files count together, whatever they are written in. */
export function languageOf(path: string): Language | null {
  const name = nameOf(path)
  const family = FAMILIES.get(name)
  return family === undefined ? null : { name: family === 'data' ? 'data files' : name, family }
}

// The language of a file, for people, by its name.

const ENDINGS: readonly (readonly [language: string, endings: string])[] = [
  ['TypeScript', 'ts tsx mts cts'],
  ['JavaScript', 'js jsx mjs cjs'],
  ['Python', 'py pyi pyw pyx'],
  ['Java', 'java'],
  ['Kotlin', 'kt kts'],
  ['C', 'c h'],
  ['C++', 'cc cpp cxx hh hpp hxx ino'],
  ['C#', 'cs csx'],
  ['Go', 'go'],
  ['Rust', 'rs'],
  ['Ruby', 'rb rake gemspec'],
  ['PHP', 'php phtml'],
  ['Swift', 'swift'],
  ['Scala', 'scala sc'],
  ['Dart', 'dart'],
  ['Shell', 'sh bash zsh fish ksh'],
  ['PowerShell', 'ps1 psm1 psd1'],
  ['SQL', 'sql psql pgsql mysql'],
  ['HTML', 'html htm xhtml'],
  ['CSS', 'css scss sass less styl pcss'],
  ['Vue', 'vue'],
  ['Svelte', 'svelte'],
  ['Markdown', 'md mdx markdown'],
  ['JSON', 'json jsonc json5'],
  ['YAML', 'yml yaml'],
  ['TOML', 'toml'],
  ['XML', 'xml svg xsl xslt'],
  ['Terraform', 'tf tfvars hcl'],
  ['Haskell', 'hs lhs'],
  ['Elixir', 'ex exs'],
  ['Erlang', 'erl hrl'],
  ['Clojure', 'clj cljs cljc edn'],
  ['Lua', 'lua luau'],
  ['R', 'r rmd'],
  ['Perl', 'pl pm'],
  ['OCaml', 'ml mli'],
  ['F#', 'fs fsi fsx'],
  ['Zig', 'zig'],
  ['Nim', 'nim nims'],
  ['Objective-C', 'm mm'],
  ['Protocol Buffers', 'proto'],
  ['GraphQL', 'graphql gql'],
]

const BY_ENDING: ReadonlyMap<string, string> = new Map(
  ENDINGS.flatMap(([language, endings]) => endings.split(' ').map((ending): [string, string] => [ending, language])),
)

/** "TypeScript"; for an ending that is not known ".xyz files"; for a name without an ending the name itself. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return name
  const ending = name.slice(dot + 1).toLowerCase()
  return BY_ENDING.get(ending) ?? `.${ending} files`
}

// Which grammar reads a file, by its name.

export type Grammar =
  | 'bash'
  | 'c-sharp'
  | 'cpp'
  | 'css'
  | 'go'
  | 'java'
  | 'javascript'
  | 'php'
  | 'powershell'
  | 'python'
  | 'ruby'
  | 'rust'
  | 'tsx'
  | 'typescript'

const ENDINGS: Readonly<Record<Grammar, string>> = {
  bash: 'sh bash',
  'c-sharp': 'cs',
  cpp: 'c h cc cpp cxx hh hpp hxx',
  css: 'css',
  go: 'go',
  java: 'java',
  javascript: 'js jsx mjs cjs',
  php: 'php phtml',
  powershell: 'ps1 psm1 psd1',
  python: 'py pyi pyw',
  ruby: 'rb rake gemspec',
  rust: 'rs',
  tsx: 'tsx',
  typescript: 'ts mts cts',
}

const NAMES: ReadonlyMap<string, Grammar> = new Map<string, Grammar>([
  ['gemfile', 'ruby'],
  ['rakefile', 'ruby'],
  ['sconstruct', 'python'],
  ['.bashrc', 'bash'],
  ['.bash_profile', 'bash'],
])

const BY_ENDING: ReadonlyMap<string, Grammar> = new Map(
  grammars().flatMap((grammar) => ENDINGS[grammar].split(' ').map((ending): [string, Grammar] => [ending, grammar])),
)

function grammars(): readonly Grammar[] {
  return [
    ...(['bash', 'c-sharp', 'cpp', 'css', 'go', 'java', 'javascript'] as const),
    ...(['php', 'powershell', 'python', 'ruby', 'rust', 'tsx', 'typescript'] as const),
  ]
}

/** null: there is none for files of this name; everything that asks for syntax then goes on without. */
export function grammarOf(path: string): Grammar | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const ending = name.slice(name.lastIndexOf('.') + 1)
  return NAMES.get(name) ?? (name.includes('.') ? BY_ENDING.get(ending) : undefined) ?? null
}

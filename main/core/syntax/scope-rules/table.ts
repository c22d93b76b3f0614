// The scope rules of each grammar that has some.
import type { Grammar } from '../grammar.ts'
import { C_SHARP } from './c-sharp.ts'
import { CPP } from './cpp.ts'
import { GO } from './go.ts'
import { JAVA } from './java.ts'
import { JAVASCRIPT } from './javascript.ts'
import { PHP } from './php.ts'
import { PYTHON } from './python.ts'
import { RUBY } from './ruby.ts'
import type { ScopeRules } from './rules.ts'
import { RUST } from './rust.ts'

export const SCOPE_RULES: Readonly<Partial<Record<Grammar, ScopeRules>>> = {
  'c-sharp': C_SHARP,
  cpp: CPP,
  go: GO,
  java: JAVA,
  javascript: JAVASCRIPT,
  php: PHP,
  python: PYTHON,
  ruby: RUBY,
  rust: RUST,
  tsx: JAVASCRIPT,
  typescript: JAVASCRIPT,
}

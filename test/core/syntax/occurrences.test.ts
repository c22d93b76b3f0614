// Which places of a name mean the same thing, language by language.
import { describe, expect, it } from 'vitest'
import type { Grammar } from '../../../main/core/syntax/grammar.ts'
import { occurrencesOf, type Occurrences, type Target } from '../../../main/core/syntax/occurrences.ts'
import { SCOPE_RULES } from '../../../main/core/syntax/scope-rules/table.ts'
import { treeOf } from '../../fakes/syntax.ts'

async function find(grammar: Grammar, text: string, target: Target): Promise<Occurrences> {
  const rules = SCOPE_RULES[grammar]
  const found = rules === undefined ? null : occurrencesOf(await treeOf(grammar, text), rules, target)
  if (found === null) throw new Error('there is no name')
  return found
}

/** The text with a letter behind each place of the name: a, b, … for its bindings in the order of the text, `'` and `#` in strings and comments. */
async function marked(grammar: Grammar, text: string, name: string): Promise<string> {
  const { places } = await find(grammar, text, { name })
  const letters = new Map<number, string>()
  let result = ''
  let at = 0
  for (const place of places) {
    const { binding } = place
    if (binding !== null && !letters.has(binding)) letters.set(binding, 'ABCDEFG'[letters.size] ?? '?')
    const sign = binding === null ? (place.kind === 'string' ? "'" : '#') : (letters.get(binding) ?? '')
    result += `${text.slice(at, place.end)}\u00B7${sign}`
    at = place.end
  }
  return result + text.slice(at)
}

const CASES: readonly (readonly [what: string, Grammar, name: string, expected: string])[] = [
  ['a shadowed variable', 'typescript', 'x', 'const x·A = 1\nfunction f(x·B: number) { return x·B }\nuse(x·A)\n'],
  ['a block of its own', 'javascript', 'x', 'let x·A = 1\n{ let x·B = 2; x·B }\nx·A\n'],
  ['var in a block', 'javascript', 'x', 'function f() { if (a) { var x·A = 1 } return x·A }\nx·B\n'],
  ['members apart from variables', 'typescript', 'a', 'const a·A = b.a·B\nc.a·B = { a·B: a·A }\n'],
  [
    'destructuring',
    'javascript',
    'a',
    'function f({ a·A, b: [c = a·A] }, { a: d }) { return a·A }\n'.replace('{ a:', '{ a·B:'),
  ],
  ['loops', 'javascript', 'i', 'for (const i·A of is) use(i·A)\nfor (let i·B = 0; i·B < 1; i·B++) {}\ni·C\n'],
  ['catch', 'javascript', 'e', 'try { e·A } catch (e·B) { e·B }\n'],
  ['named function expressions', 'javascript', 'f', 'const g = function f·A() { return f·A }\nf·B()\n'],
  ['type parameters', 'typescript', 'T', 'function f<T·A>(a: T·A): T·A[] { return [] }\ntype B = T·B\n'],
  ['imports', 'typescript', 'a', "import { a·A, b as c } from './a·''\na·A()\n"],
  [
    'renaming imports',
    'typescript',
    'a',
    "import { a·A as b } from './x'\nconst a·B = b\nexport { a·B as a }\n".replace('as a }', 'as a·A }'),
  ],
  ['JSX', 'tsx', 'Row', 'import { Row·A } from "./row"\nconst a = <Row·A b={<Row·A.Cell />}>x</Row·A>\n'],
  ['strings and comments', 'typescript', 'x', "const x·A = 'x·' y' // x·# marks\n"],
  ['template strings', 'typescript', 'x', "const x·A = 1\nconst y = `x·' ${x·A}`\n"],
  ['labels', 'javascript', 'a', 'a·A: for (;;) { break a·A }\na·B()\n'],
  ['Python: function scope', 'python', 'x', 'x·A = 1\ndef f():\n    x·B = 2\n    return x·B\nprint(x·A)\n'],
  ['Python: global', 'python', 'x', 'x·A = 1\ndef f():\n    global x·A\n    x·A = 2\n'],
  ['Python: nonlocal', 'python', 'x', 'def f():\n    x·A = 1\n    def g():\n        nonlocal x·A\n        x·A += 1\n'],
  ['Python: comprehensions', 'python', 'x', 'x·A = [x·B for x·B in y]\nx·A\n'],
  ['Python: attributes and keyword arguments', 'python', 'x', 'def f(x·A):\n    self.x·B = x·A\n    g(x·B=x·A)\n'],
  [
    'Python: class names from methods',
    'python',
    'x',
    'x·A = 1\nclass C:\n    x·B = 2\n    def m(self):\n        return x·A + self.x·B\n',
  ],
  ['Python: imports', 'python', 'os', 'import os·A.path, sys as system\nos·A.path.join(a.os·B)\n'],
  ['Python: f-strings', 'python', 'x', 'x·A = 1\nf"{x·A} x·\'"\n'],
  [
    'Go: a new variable in an inner block',
    'go',
    'x',
    'package p\nfunc f() {\n\tx·A := 1\n\tif x·B := x·A; x·B > 0 {\n\t\tuse(x·B)\n\t}\n\tuse(x·A)\n}\n',
  ],
  [
    'Go: assigned again by :=',
    'go',
    'err',
    'package p\nfunc f() {\n\ta, err·A := g()\n\tb, err·A := h()\n\treturn err·A\n}\n',
  ],
  [
    'Go: fields',
    'go',
    'Count',
    'package p\ntype C struct { Count·A int }\nfunc (c *C) m(Count·B int) { c.Count·A = Count·B; _ = C{Count·A: 1} }\n',
  ],
  [
    'Java: fields without a qualifier',
    'java',
    'n',
    'class A { int n·A; A(int n·B) { this.n·A = n·B; } int m() { return n·A; } }\n',
  ],
  [
    'Java: methods and variables of one name',
    'java',
    'size',
    'class A { int size·A() { int size·B = size·A(); return size·B; } }\n',
  ],
  ['Java: lambdas', 'java', 'x', 'class A { void m(int y) { f(x·A -> x·A + 1); g((x·B, z) -> x·B); } }\n'],
  [
    'C#: fields, locals and named arguments',
    'c-sharp',
    'n',
    'class A { int n·A; void M(int n·B) { this.n·A = n·B; F(n·A: 1); } int P => n·A; }\n',
  ],
  [
    'C#: out variables and patterns',
    'c-sharp',
    'v',
    'class A { void M() { if (G(out var v·A)) U(v·A); } void N(object o) { if (o is int v·B) U(v·B); } }\n',
  ],
  ['Rust: let shadows what came before', 'rust', 'x', 'fn f(x·A: i32) { let x·B = x·A + 1; g(x·B); }\n'],
  [
    'Rust: patterns',
    'rust',
    'v',
    'fn f(o: Option<i32>) { if let Some(v·A) = o { g(v·A) } match o { Some(v·B) => g(v·B), None => g(v) } }\n'.replace(
      'g(v) }',
      'g(v·C) }',
    ),
  ],
  [
    'Rust: variants in patterns are not variables',
    'rust',
    'None',
    'fn f(o: Option<i32>) { match o { None·A => 1, _ => g(None·A) }; }\n',
  ],
  [
    'Rust: fields',
    'rust',
    'count',
    'struct C { count·A: u8 }\nimpl C { fn m(&self, count·B: u8) -> C { self.count·A; C { count·A: count·B } } }\n',
  ],
  ['Rust: macros', 'rust', 'x', 'fn f() { let x·A = 1; println!("{}", x·A + y.x·B); }\n'],
  [
    'Ruby: blocks see the method',
    'ruby',
    'x',
    'x·A = 1\ndef m\n  x·B = 2\n  y.each { |z| x·B = z }\n  y.map { |x·C| x·C }\nend\n',
  ],
  ['Ruby: instance variables', 'ruby', '@a', 'def m(a)\n  @a·A = a\nend\ndef n\n  @a·A\nend\n'],
  [
    'PHP: variables of functions',
    'php',
    'x',
    '<?php\n$x·A = 1;\nfunction f($x·B) { return function () use ($x·B) { return fn($y) => $x·B; }; }\nfunction x·C() { global $x·A; return $x·A; }\n',
  ],
  [
    'PHP: properties',
    'php',
    'n',
    '<?php class A { private $n·A = 0; function m($n·B) { $this->n·A = $n·B; return self::$n·A; } }\n',
  ],
  [
    'C++: members and parameters',
    'cpp',
    'n',
    'struct A { int n·A; int m(int n·B) { this->n·A = n·B; return n·B; } int k() { return n·A; } };\n',
  ],
  [
    'C++: blocks',
    'cpp',
    'i',
    'void f() { int i·A = 0; for (int i·B = 0; i·B < 1; ++i·B) {} { int i·C = i·A; } }\n'.replace(
      'int i·C = i·A',
      'int j = i·A',
    ),
  ],
  ['C++: prototypes', 'cpp', 'a', 'int f(int a·A);\nint g(int a·B) { return a·B; }\n'],
]

describe('occurrencesOf', () => {
  it.each(CASES)('%s', async (_what, grammar, name, expected) => {
    const text = expected.replaceAll(/\u00B7./g, '')
    expect(await marked(grammar, text, name)).toBe(expected)
  })

  it('points at the binding of an offset, from either end of the name', async () => {
    const text = 'const ab = 1\nfunction f(ab) { return ab }\n'
    for (const offset of [text.lastIndexOf('ab'), text.lastIndexOf('ab') + 2]) {
      const found = await find('javascript', text, { offset })
      expect(found.places.filter(({ binding }) => binding === found.target)).toHaveLength(2)
    }
  })

  it('tells what kind of binding it is, and where it is declared', async () => {
    const text = "import a from 'b'\nexport const c = 1\nfunction f(d) { a(c, d, e).g }\n"
    const kind = async (name: string) => (await find('javascript', text, { name })).bindings
    expect(await kind('a')).toEqual([{ kind: 'import', declarations: 1 }])
    expect(await kind('c')).toEqual([{ kind: 'top', declarations: 1 }])
    expect(await kind('d')).toEqual([{ kind: 'local', declarations: 1 }])
    expect(await kind('e')).toEqual([{ kind: 'free', declarations: 0 }])
    expect(await kind('g')).toEqual([{ kind: 'member', declarations: 0 }])
  })

  it('marks names that are a key and a variable at once', async () => {
    const { places } = await find('javascript', 'const { a } = b\nf({ a })\ng(a)\n', { name: 'a' })
    expect(places.map(({ shorthand }) => shorthand)).toEqual([true, true, false])
  })

  it('sees whole words only', async () => {
    const { places } = await find('javascript', 'x; xy; "x-y xy"; // x_y x\n', { name: 'x' })
    expect(places.map(({ kind }) => kind)).toEqual(['code', 'string', 'comment'])
  })

  it('goes on in broken code', async () => {
    const { places } = await find('typescript', 'function f(a) { return a + }\nconst b = (a\n', { name: 'a' })
    expect(places.length).toBe(3)
  })

  it('answers nothing for what is no name', async () => {
    const rules = SCOPE_RULES.javascript
    const tree = await treeOf('javascript', 'a + 1\n')
    if (rules === undefined) throw new Error('there are rules')
    expect(occurrencesOf(tree, rules, { offset: 5 })).toBeNull()
    expect(occurrencesOf(tree, rules, { name: '' })).toBeNull()
  })
})

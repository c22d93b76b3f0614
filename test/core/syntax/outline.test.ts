// What files declare and import, language by language.
import { describe, expect, it } from 'vitest'
import { grammarOf } from '../../../main/core/syntax/grammar.ts'
import { outlineOf, type Outline } from '../../../main/core/syntax/outline.ts'
import { treeOf } from '../../fakes/syntax.ts'

async function outline(path: string, text: string): Promise<Outline> {
  const grammar = grammarOf(path)
  if (grammar === null) throw new Error('there is no grammar')
  return outlineOf(await treeOf(grammar, text), grammar)
}

async function signatures(path: string, text: string): Promise<readonly string[]> {
  return (await outline(path, text)).definitions.map(({ kind, signature }) => `${kind} ${signature}`)
}

describe('outlineOf', () => {
  it('reads TypeScript', async () => {
    const text = `import def, { a as b } from './x'
export const total = (items: Item[]): number => {
  const local = 1
  return local
}
/** Words. */
export class Cart<T> extends Base {
  private count = 0
  static make(a: number): Cart<string> { return new Cart() }
}
interface Item { price: number }
const { q } = def
function outer(): void { function inner() {} }
`
    expect(await signatures('a.ts', text)).toEqual([
      'function export const total = (items: Item[]): number',
      'class export class Cart<T> extends Base',
      'field private count = 0',
      'method static make(a: number): Cart<string>',
      'interface interface Item { price: number }',
      'field price: number',
      'function function outer(): void',
    ])
    expect((await outline('a.ts', text)).imports).toEqual([
      { names: ['def', 'a', 'b'], module: './x', start: 1, end: 2 },
    ])
    expect((await outline('a.ts', text)).definitions[0]).toMatchObject({ name: 'total', start: 2, end: 6 })
  })

  it('reads Python', async () => {
    const text = `import os, sys as system
from a.b import c as d
LIMIT = 3
@deco
class Cart(Base):
    count: int = 0
    def size(self, a, b=1) -> int:
        local = a
        return local
`
    expect(await signatures('a.py', text)).toEqual([
      'constant LIMIT = 3',
      'class @deco class Cart(Base)',
      'field count: int = 0',
      'method def size(self, a, b=1) -> int',
    ])
    expect((await outline('a.py', text)).imports.map(({ module, names }) => [module, names])).toEqual([
      ['os, sys as system', ['os', 'sys', 'system']],
      ['a.b', ['c', 'd']],
    ])
  })

  it.each([
    [
      'a.go',
      'package a\nimport "fmt"\ntype Cart struct { Count int }\nfunc (c *Cart) Size(a int) int { return a }\n',
      ['type type Cart struct { Count int }', 'field Count int', 'method func (c *Cart) Size(a int) int'],
    ],
    [
      'A.java',
      'import java.util.List;\npublic class Cart { private int count = 0; int size(int a) { return a; } }\n',
      ['class public class Cart', 'field private int count = 0;', 'method int size(int a)'],
    ],
    [
      'a.cs',
      'using System;\nnamespace N { class Cart { int count = 0; int Size(int a) { return a; } } }\n',
      ['module namespace N', 'class class Cart', 'field int count = 0;', 'method int Size(int a)'],
    ],
    [
      'a.rs',
      'use a::b;\npub struct Cart { count: usize }\nimpl Cart { fn size(&self) -> usize { 1 } }\nconst K: i32 = 1;\n',
      [
        'class pub struct Cart { count: usize }',
        'field count: usize',
        'method fn size(&self) -> usize',
        'constant const K: i32 = 1;',
      ],
    ],
    [
      'a.rb',
      "require 'set'\nclass Cart < Base\n  K = 1\n  def size(a)\n    x = a\n  end\nend\n",
      ['class class Cart < Base', 'constant K = 1', 'method def size(a)'],
    ],
    [
      'a.php',
      '<?php\nuse A\\B;\nclass Cart { const L = 2; private int $count = 0; function size(int $a) { return $a; } }\n',
      ['class class Cart', 'constant const L = 2;', 'field private int $count = 0;', 'method function size(int $a)'],
    ],
    [
      'a.cpp',
      '#include <vector>\nnamespace N { class Cart { int count; int size(int a); }; }\nint N::Cart::size(int a) { return a; }\n#define MAX 1\n',
      [
        'module namespace N',
        'class class Cart { int count; int size(int a); }',
        'field int count;',
        'field int size(int a);',
        'function int N::Cart::size(int a)',
        'macro #define MAX 1',
      ],
    ],
    ['a.sh', 'size() {\n  echo 1\n}\n', ['function size()']],
  ])('reads %s', async (path, text, expected) => {
    expect(await signatures(path, text)).toEqual(expected)
  })

  it('cuts long heads', async () => {
    const text = `function f(${Array.from({ length: 200 }, (_, at) => `parameter${at}`).join(', ')}) {}\n`
    const [definition] = (await outline('a.ts', text)).definitions
    expect(definition?.signature).toHaveLength(300)
    expect(definition?.signature.endsWith('…')).toBe(true)
  })

  it('reads what it can of broken code', async () => {
    expect(await signatures('a.ts', 'function a() { return (\n}\nclass B {\n  c() {}\n')).toContain(
      'function function a()',
    )
  })
})

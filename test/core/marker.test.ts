// Which comments ask, and which text only looks like it.
import { describe, expect, it } from 'vitest'
import { findConflicts, findMarkers, findTodos, withMarkerRemoval } from '../../main/core/marker.ts'

const FOUND: readonly (readonly [path: string, text: string, said: string])[] = [
  ['a.ts', '// make it fast ai!', 'make it fast'],
  ['a.ts', 'const a = 1 // name it, ai!', 'name it'],
  ['a.ts', '/// guard this AI!', 'guard this'],
  ['a.ts', '/* guard this ai! */', 'guard this'],
  ['a.ts', '/**\n * Guard this.\n * Please ai!\n */', 'Guard this. Please'],
  ['a.ts', '// guard the empty cart\n// and the full one ai!', 'guard the empty cart and the full one'],
  ['a.ts', '// ai!', ''],
  ['a.ts', '  foo("// no") // yes ai!', 'yes'],
  ['a.tsx', '{/* bigger ai! */}', 'bigger'],
  ['a.js', 'const path = `src/**/*.ts`\n// sort it ai!', 'sort it'],
  ['a.py', '# use a set ai!', 'use a set'],
  ['a.py', 'x = 1  # use a set ai!', 'use a set'],
  ['a.py', '"""Return the mean.\n\nHandle nothing ai!\n"""', 'Return the mean. Handle nothing'],
  ['a.sql', '-- add an index ai!', 'add an index'],
  ['a.lua', '--[[ cache this ai! ]]', 'cache this'],
  ['a.hs', '{- total ai! -}', 'total'],
  ['a.html', '<!-- bigger ai! -->', 'bigger'],
  ['a.vue', '<script>\n// reactive ai!\n</script>', 'reactive'],
  ['a.css', '/* darker ai! */', 'darker'],
  ['a.clj', '(def a 1) ; rename ai!', 'rename'],
  ['a.lisp', ';;; rename ai!', 'rename'],
  ['a.tex', '% cite ai!', 'cite'],
  ['a.erl', '%% spawn ai!', 'spawn'],
  ['a.bat', 'REM quote ai!', 'quote'],
  ['a.bat', ':: quote ai!', 'quote'],
  ['a.vb', "' typed ai!", 'typed'],
  ['a.f90', '! parallel ai!', 'parallel'],
  ['a.vim', '" map ai!', 'map'],
  ['a.ml', '(* match ai! *)', 'match'],
  ['a.ps1', '<# params ai! #>', 'params'],
  ['a.jinja', '{# loop ai! #}', 'loop'],
  ['Dockerfile', '# smaller ai!', 'smaller'],
  ['Makefile', 'all: # parallel ai!', 'parallel'],
  ['.gitignore', '# more ai!', 'more'],
  ['a.ini', '; more ai!', 'more'],
  ['unknown', '# one ai!', 'one'],
  ['unknown', '<!-- one ai! -->', 'one'],
  ['a.rs', "fn f<'a>(x: &'a str) {} // owned ai!", 'owned'],
  ['a.go', 'x := 1 // name it ai!', 'name it'],
  ['A.java', '/** Guard this ai! */', 'Guard this'],
  ['a.kt', 'val a = 1 // lazy ai!', 'lazy'],
  ['a.swift', 'let a = 1 // optional ai!', 'optional'],
  ['a.php', '<?php # escape ai!', 'escape'],
  ['a.rb', 'x = 1 # freeze ai!', 'freeze'],
  ['a.cs', '/// <summary>async ai!', '<summary>async'],
  ['a.cpp', 'int a; // const ai!', 'const'],
  ['a.scala', '// sealed ai!', 'sealed'],
  ['a.dart', '// final ai!', 'final'],
  ['a.ex', '# pipe ai!', 'pipe'],
  ['a.jl', '# typed ai!', 'typed'],
  ['a.r', '# vectorise ai!', 'vectorise'],
  ['a.pl', 'my $a; # strict ai!', 'strict'],
  ['a.sh', 'rm x # ask first ai!', 'ask first'],
  ['a.yml', 'key: 1 # quote ai!', 'quote'],
  ['a.toml', '# pin ai!', 'pin'],
  ['main.tf', '# tag it ai!', 'tag it'],
  ['a.graphql', '# paginate ai!', 'paginate'],
  ['a.proto', '// reserve ai!', 'reserve'],
  ['a.nim', '#[ inline ai! ]#', 'inline'],
  ['a.zig', '// comptime ai!', 'comptime'],
  ['a.fs', '(* match ai! *)', 'match'],
  ['a.svelte', '<!-- bind ai! -->', 'bind'],
  ['a.scss', '// nest ai!', 'nest'],
]

const NOT_FOUND: readonly (readonly [path: string, text: string])[] = [
  ['a.ts', 'const ai = 1\nfoo(ai!)'],
  ['a.swift', 'let x = ai!'],
  ['a.ts', '// ai! is a marker'],
  ['a.ts', '// Hawaii!'],
  ['a.ts', '// hello from open-ai!'],
  ['a.ts', '// see chat.ai?'],
  ['a.ts', '// bonsai!'],
  ['a.ts', '// what about AI'],
  ['a.ts', "const marker = '// like this ai!'"],
  ['a.ts', 'const address = "http://example.com/ai?"'],
  ['a.ts', '/* ai! and more */'],
  ['a.ts', '/**\n * The marker ai!\n * is explained here.\n */'],
  ['a.py', 'text = "# like this ai!"'],
  ['a.ts', '# not a comment here ai!'],
  ['a.js', 'foo(); ai!'],
  ['a.c', 'i--; x = ai?'],
  ['a.md', 'Write `// fix ai!` to ask.'],
  ['a.ts', `//${'x'.repeat(3_000)} ai!`],
]

describe('findMarkers', () => {
  for (const [path, text, said] of FOUND) {
    it(`finds the one in ${path}: ${JSON.stringify(text)}`, () => {
      expect(findMarkers(path, text)).toEqual([{ line: lineOfMarker(text), kind: 'edit', text: said }])
    })
  }

  for (const [path, text] of NOT_FOUND) {
    it(`finds none in ${path}: ${JSON.stringify(text).slice(0, 60)}`, () => {
      expect(findMarkers(path, text)).toEqual([])
    })
  }

  for (const [path, text, said] of FOUND) {
    it(`finds it as a question in ${path}: ${JSON.stringify(text.replace(/ai!/i, 'ai?'))}`, () => {
      const asked = text.replace(/ai!/i, 'ai?')
      expect(findMarkers(path, asked)).toEqual([{ line: lineOfMarker(text), kind: 'question', text: said }])
    })
  }

  it('tells questions from edits', () => {
    expect(findMarkers('a.ts', '// why is this slow ai?\na()\n// make it fast ai!')).toEqual([
      { line: 1, kind: 'question', text: 'why is this slow' },
      { line: 3, kind: 'edit', text: 'make it fast' },
    ])
  })

  it('ends a comment at its marker', () => {
    expect(findMarkers('a.ts', '// one ai!\n// two ai!')).toEqual([
      { line: 1, kind: 'edit', text: 'one' },
      { line: 2, kind: 'edit', text: 'two' },
    ])
  })

  it('does not join a comment beside code with those above', () => {
    expect(findMarkers('a.ts', '// about the cart\na() // faster ai!')).toEqual([
      { line: 2, kind: 'edit', text: 'faster' },
    ])
  })

  it('knows lines that end with CRLF', () => {
    expect(findMarkers('a.ts', 'a()\r\n// faster ai!\r\n')).toEqual([{ line: 2, kind: 'edit', text: 'faster' }])
  })

  it('comes to an end on a long text of comment signs', () => {
    expect(findMarkers('a.html', `${'<!-- {# /* '.repeat(50_000)}\n ai! ai?`)).toEqual([])
    expect(findMarkers('a.ts', `${'// a ai! b\n'.repeat(20_000)}`)).toEqual([])
  })
})

describe('findTodos', () => {
  for (const [path, text, said] of [
    ['a.ts', '// TODO: cache this', 'cache this'],
    ['a.py', 'x = 1  # FIXME(ann) off by one', 'off by one'],
    ['a.c', '/* TODO free it */', 'free it'],
    ['a.html', '<!-- TODO alt text -->', 'alt text'],
    ['a.sql', '-- TODO: index', 'index'],
    ['a.java', '/**\n * Adds.\n * @TODO guard\n */', 'guard'],
  ] as const) {
    it(`finds the one in ${path}: ${JSON.stringify(text)}`, () => {
      expect(findTodos(path, text).map((todo) => todo.text)).toEqual([said])
    })
  }

  for (const [path, text] of [
    ['a.ts', 'const TODO = 1'],
    ['a.ts', "log('// TODO: x')"],
    ['a.ts', '// the todo list'],
    ['a.ts', '// TODOS are kept elsewhere'],
    ['a.ts', '// TODO: cache this ai!'],
  ] as const) {
    it(`finds none in ${path}: ${JSON.stringify(text)}`, () => {
      expect(findTodos(path, text)).toEqual([])
    })
  }

  it('tells two of them in one comment apart', () => {
    expect(findTodos('a.ts', '// TODO: one\n// TODO: two\n').map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('comes to an end on a long comment of them', () => {
    expect(findTodos('a.ts', '// TODO x '.repeat(30_000)).length).toBeLessThanOrEqual(30_000)
  })
})

describe('findConflicts', () => {
  it('finds those whose three signs stand in order', () => {
    const text = '<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n'
    expect(findConflicts(`x\n${text}${text}`).map(({ line }) => line)).toEqual([2, 7])
  })

  it('finds none where one of them is missing', () => {
    expect(findConflicts('<<<<<<< ours\na\n>>>>>>> theirs\n')).toEqual([])
    expect(findConflicts('<<<<<<< SEARCH is what a patch says\n')).toEqual([])
  })
})

describe('withMarkerRemoval', () => {
  const lines = ['// guard ai!', 'a()', 'b()', 'c()', 'd()', 'e()']

  it('makes the line that goes with the marker part of the edit that it asked for', () => {
    const edits = [
      { start: 1, end: 2, lines: [] },
      { start: 6, end: 7, lines: ['guarded()'] },
    ]
    expect(withMarkerRemoval(edits, lines)).toEqual([
      { start: 1, end: 7, lines: ['a()', 'b()', 'c()', 'd()', 'guarded()'] },
    ])
  })

  it('leaves other edits apart', () => {
    const edits = [
      { start: 2, end: 3, lines: [] },
      { start: 6, end: 7, lines: ['guarded()'] },
    ]
    expect(withMarkerRemoval(edits, lines)).toEqual(edits)
  })

  it('leaves a marker that goes alone alone', () => {
    const edits = [{ start: 1, end: 2, lines: [] }]
    expect(withMarkerRemoval(edits, lines)).toEqual(edits)
  })
})

function lineOfMarker(text: string): number {
  return text.slice(0, text.toLowerCase().lastIndexOf('ai!')).split('\n').length
}

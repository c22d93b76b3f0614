// Which comments ask, and which text only looks like it.
import { describe, expect, it } from 'vitest'
import { findMarkers } from '../../main/core/context.ts'

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

function lineOfMarker(text: string): number {
  return text.slice(0, text.toLowerCase().lastIndexOf('ai!')).split('\n').length
}

// Files in which teams write down their conventions: which hold for a file, and what their settings mean.
import { describe, expect, test } from 'vitest'
import { holdingFor, proseOf, settingsOf, writtenKind } from '../../../main/core/conventions/written.ts'

test.each([
  ['AGENTS.md', 'prose'],
  ['packages/api/CLAUDE.md', 'prose'],
  ['.github/copilot-instructions.md', 'prose'],
  ['.cursor/rules/style.mdc', 'prose'],
  ['.cursorrules', 'prose'],
  ['.editorconfig', 'settings'],
  ['web/.prettierrc.json', 'settings'],
  ['pyproject.toml', 'settings'],
  ['src/agents.ts', null],
  ['docs/prettier.md', null],
])('%s is %s', (path, kind) => {
  expect(writtenKind(path)).toBe(kind)
})

describe('for one file', () => {
  test('the nearest of each name holds, nearest first', () => {
    const paths = [
      'AGENTS.md',
      'packages/api/AGENTS.md',
      'packages/web/AGENTS.md',
      'CLAUDE.md',
      '.cursor/rules/a.mdc',
      '.cursor/rules/b.mdc',
    ]
    expect(holdingFor(paths, 'packages/api/src/a.ts')).toEqual([
      'packages/api/AGENTS.md',
      '.cursor/rules/a.mdc',
      '.cursor/rules/b.mdc',
      'CLAUDE.md',
    ])
  })

  test('a folder whose name only begins the same is another one', () => {
    expect(holdingFor(['api/AGENTS.md'], 'api-client/a.ts')).toEqual([])
  })
})

test('front matter and comments are not told', () => {
  expect(proseOf('---\nglobs: "*.ts"\n---\n# Style\n<!-- todo -->\nTabs.\n')).toBe('# Style\n\nTabs.')
})

describe('settings in words', () => {
  test.each([
    ['.prettierrc', '{ "semi": false, // none\n "singleQuote": true, }', 'a.ts', ['no semicolons', 'single quotes']],
    [
      '.prettierrc.yaml',
      'printWidth: 100 # wide\nuseTabs: true\n',
      'a.ts',
      ['indent with tabs', 'lines of at most 100 characters'],
    ],
    ['package.json', '{"name":"x","prettier":{"semi":true}}', 'a.ts', ['semicolons']],
    ['package.json', '{"name":"x"}', 'a.ts', []],
    ['.prettierrc', '{"singleQuote":true}', 'a.py', []],
    ['.prettierrc', '{"trailingComma":"es5"}', 'a.ts', ['trailing commas in arrays and objects']],
    [
      '.eslintrc.json',
      '{"rules":{"quotes":["error","single"],"semi":"off","no-var":2}}',
      'a.ts',
      ['single quotes', 'no var'],
    ],
    [
      'biome.json',
      '{"formatter":{"indentStyle":"tab"},"javascript":{"formatter":{"quoteStyle":"double"}}}',
      'a.ts',
      ['indent with tabs', 'double quotes'],
    ],
    [
      'pyproject.toml',
      '[tool.black]\nline-length = 100\n[tool.ruff.format]\nquote-style = "single"\n',
      'a.py',
      ['lines of at most 100 characters', 'single quotes'],
    ],
    ['pyproject.toml', '[tool.black]\nline-length = 100\n', 'a.ts', []],
    ['rustfmt.toml', 'max_width = 90\n', 'src/a.rs', ['lines of at most 90 characters']],
    ['.clang-format', 'BasedOnStyle: LLVM\nIndentWidth: 4\n', 'a.cpp', ['LLVM style', 'indent with 4 spaces']],
    ['.prettierrc', '{ broken', 'a.ts', []],
  ])('%s %s', (path, text, target, words) => {
    expect(settingsOf(path, text, target)).toEqual(words)
  })

  const editorconfig = [
    'root = true',
    '[*]',
    'indent_style = space',
    'indent_size = 2 ; narrow',
    'end_of_line = lf',
    '[*.{py,rs}]',
    'indent_size = 4',
    '[Makefile]',
    'indent_style = tab',
    '[lib/**.js]',
    'max_line_length = 90',
  ].join('\n')

  test.each([
    ['src/a.ts', ['indent with 2 spaces', 'LF line endings']],
    ['a.py', ['indent with 4 spaces', 'LF line endings']],
    ['tools/Makefile', ['indent with tabs', 'LF line endings']],
    ['lib/deep/a.js', ['indent with 2 spaces', 'LF line endings', 'lines of at most 90 characters']],
    ['other/lib/a.js', ['indent with 2 spaces', 'LF line endings']],
  ])('.editorconfig for %s', (target, words) => {
    expect(settingsOf('.editorconfig', editorconfig, target)).toEqual(words)
  })

  test('an .editorconfig in a folder speaks of paths within it', () => {
    expect(settingsOf('web/.editorconfig', '[src/*.ts]\nindent_style=tab', 'web/src/a.ts')).toEqual([
      'indent with tabs',
    ])
  })

  test('a pattern that is none fits nothing', () => {
    expect(settingsOf('.editorconfig', '[*.{ts]\nindent_style=tab\n[[z-a]]\nindent_style=tab', 'a.ts')).toEqual([])
  })
})

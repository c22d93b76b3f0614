// Which signs open and close comments in which kind of file, by its name.

export interface CommentSyntax {
  /** Signs of comments that end with their line. */
  readonly lines: readonly string[]
  readonly blocks: readonly (readonly [open: string, close: string])[]
  /** Characters that open and close strings within one line. */
  readonly quotes: string
  /** Finds the next character that may begin any of these; global. */
  readonly opener: RegExp
}

function syntax(lines: CommentSyntax['lines'], blocks: CommentSyntax['blocks'], quotes: string): CommentSyntax {
  const signs = [...lines, ...blocks.map(([open]) => open), ...quotes].map((sign) => sign.charAt(0))
  const characters = [...new Set(signs)].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return { lines, blocks, quotes, opener: new RegExp(`[${characters.join('')}]`, 'gi') }
}

const STAR: readonly [string, string] = ['/*', '*/']
const MARKUP: readonly [string, string] = ['<!--', '-->']
const PAREN: readonly [string, string] = ['(*', '*)']

const C = syntax(['//'], [STAR], `"'\``)
const HASH = syntax(['#'], [], `"'`)
const DASH = syntax(['--'], [], `"'`)
const SEMICOLON = syntax([';'], [['#|', '|#']], '"')
const PAGE = syntax(
  ['//'],
  [MARKUP, STAR, ['{#', '#}'], ['{{!--', '--}}'], ['{{!', '}}'], ['<%--', '--%>'], ['<%#', '%>'], ['@*', '*@']],
  `"'`,
)

const EVERY = syntax(
  ['//', '#', '--', ';', '%', 'REM ', '::'],
  [STAR, MARKUP, ['"""', '"""'], PAREN, ['{-', '-}']],
  `"'\``,
)

const FAMILIES: readonly (readonly [names: string, family: CommentSyntax])[] = [
  [
    'js jsx ts tsx mjs cjs mts cts c h cc cpp cxx hh hpp hxx m mm java kt kts go rs swift cs scala sc dart groovy gradle v sv zig sol glsl vert frag hlsl wgsl metal cu cl proto thrift jsonc json5 json less scss styl d vala hx odin qml re res ino fbs prisma bicep cue jsonnet libsonnet typ',
    C,
  ],
  ['php php3 phtml', syntax(['//', '#'], [STAR, MARKUP], `"'`)],
  ['css pcss postcss', syntax([], [STAR], `"'`)],
  [
    'html htm xhtml xml svg vue svelte astro md mdx markdown xaml xsl xslt plist csproj vbproj fsproj props targets resx hbs handlebars mustache ejs erb jsp aspx cshtml razor jinja jinja2 j2 twig njk liquid eex heex leex gsp ftl',
    PAGE,
  ],
  [
    'py pyi pyw pyx bzl star starlark sage',
    syntax(
      ['#'],
      [
        ['"""', '"""'],
        ["'''", "'''"],
      ],
      `"'`,
    ),
  ],
  [
    'rb rake gemspec sh bash zsh fish ksh yml yaml toml cmake pl pm t r rmd jl ex exs tcl awk sed gd mk mak make conf cfg cnf env service desktop gitignore dockerignore npmignore gitattributes editorconfig dockerfile makefile gemfile rakefile procfile vagrantfile brewfile justfile cmakelists.txt requirements.txt robots.txt po graphql gql cr nix elvish rego snakefile csv',
    HASH,
  ],
  ['tf tfvars hcl nomad', syntax(['#', '//'], [STAR], '"')],
  [
    'nim nims',
    syntax(
      ['#'],
      [
        ['#[', ']#'],
        ['"""', '"""'],
      ],
      '"',
    ),
  ],
  ['coffee litcoffee', syntax(['#'], [['###', '###']], `"'`)],
  ['ps1 psm1 psd1', syntax(['#'], [['<#', '#>']], `"'`)],
  ['ini properties inf reg', syntax([';', '#', '!'], [], '"')],
  ['sql psql pgsql mysql ddl dml hql cql', syntax(['--', '#'], [STAR], `"'`)],
  [
    'lua luau',
    syntax(
      ['--'],
      [
        ['--[[', ']]'],
        ['--[=[', ']=]'],
      ],
      `"'`,
    ),
  ],
  ['hs lhs elm purs idr agda dhall', syntax(['--'], [['{-', '-}']], '"')],
  ['ada adb ads vhd vhdl applescript', DASH],
  ['lisp lsp cl clj cljs cljc edn scm ss rkt el fnl hy asm s nasm ll wat ahk au3', SEMICOLON],
  ['tex sty cls bib ltx erl hrl pro prolog mat oct ps', syntax(['%'], [['%{', '%}']], '"')],
  ['ml mli sml fun', syntax([], [PAREN], '"')],
  ['fs fsi fsx', syntax(['//'], [PAREN], '"')],
  ['pas pp dpr lpr dfm', syntax(['//'], [PAREN, ['{', '}']], "'")],
  ['bat cmd', syntax(['REM ', '::', '@REM '], [], '"')],
  ['vb vbs bas frm', syntax(["'", 'REM '], [], '"')],
  ['f f77 f90 f95 f03 f08 for', syntax(['!', 'C '], [], `"'`)],
  ['vim vimrc', syntax(['"'], [], "'")],
  ['m4 ac', syntax(['dnl ', '#'], [], '')],
  ['pug jade', syntax(['//-', '//'], [], `"'`)],
  ['haml', syntax(['-#', '/'], [], '')],
  ['slim', syntax(['/'], [], '')],
  ['sass', syntax(['//'], [STAR], `"'`)],
  ['rst', syntax(['..'], [], '')],
  ['abap', syntax(['*', '"'], [], "'")],
]

const BY_NAME: ReadonlyMap<string, CommentSyntax> = new Map(
  FAMILIES.flatMap(([names, family]) => names.split(' ').map((name): [string, CommentSyntax] => [name, family])),
)

/** By the whole file name (`Dockerfile`), then by its ending; files of other names get every common sign. */
export function commentSyntaxOf(path: string): CommentSyntax {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const ending = name.slice(name.lastIndexOf('.') + 1)
  return (
    BY_NAME.get(name) ??
    BY_NAME.get(name.replace(/^\./, '')) ??
    (name.includes('.') ? BY_NAME.get(ending) : undefined) ??
    EVERY
  )
}

/** Whether the line begins with a comment. */
export function beginsComment(path: string, line: string): boolean {
  const { lines, blocks } = commentSyntaxOf(path)
  const text = line.trimStart()
  return lines.some((sign) => text.startsWith(sign)) || blocks.some(([open]) => text.startsWith(open))
}

// Tree-sitter behind the core's own tree: loads grammars when they are first asked for, and parses within bounds.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ERROR, type SyntaxTree, type TreeNames } from '../../core/syntax/tree.ts'
import type { Grammar } from '../../core/syntax/grammar.ts'

const PACKAGE = '@vscode/tree-sitter-wasm'
type Library = typeof import('@vscode/tree-sitter-wasm')
type Language = import('@vscode/tree-sitter-wasm').Language
type Tree = import('@vscode/tree-sitter-wasm').Tree

export interface ParserOptions {
  /** ms that one parse may take. */
  readonly limitMs?: number
  /** UTF-16 units of a text; longer ones are not parsed. */
  readonly maxLength?: number
}

export interface Parser {
  /** Must have resolved for a grammar before `parse` is called with it. Rejects when it cannot be loaded. */
  load(grammar: Grammar): Promise<void>
  /** null: the text is too long, or took too long. */
  parse(grammar: Grammar, text: string): SyntaxTree | null
}

interface Loaded {
  readonly language: Language
  readonly names: TreeNames
}

interface Parsed {
  readonly grammar: Grammar
  readonly tree: SyntaxTree
}

const LIMIT_MS = 1_000
const MAX_LENGTH = 4 * 1024 * 1024
const MAX_NODES = 4_000_000
/** Several questions are asked about one text: so many trees are kept, of texts up to KEPT_LENGTH. */
const KEPT = 4
const KEPT_LENGTH = 256 * 1024
/** The library's memory only ever grows. After a text of so many units it is thrown away with it at the next load. */
const RENEW_LENGTH = 1024 * 1024

export function createParser(options: ParserOptions = {}): Parser {
  const limitMs = options.limitMs ?? LIMIT_MS
  const maxLength = options.maxLength ?? MAX_LENGTH
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve(PACKAGE))
  const loaded = new Map<Grammar, Loaded>()
  let kept: readonly Parsed[] = []
  let library: Promise<Library> | null = null
  let isWorn = false
  let parser: InstanceType<Library['Parser']> | null = null

  /** A new copy of the module each time: its memory goes with it. */
  async function start(): Promise<Library> {
    delete require.cache[require.resolve(PACKAGE)]
    const fresh: Library = require(PACKAGE)
    await fresh.Parser.init()
    parser = new fresh.Parser()
    return fresh
  }

  function drop(): void {
    isWorn = false
    library = null
    parser = null
    loaded.clear()
  }

  return {
    async load(grammar) {
      if (isWorn) drop()
      if (loaded.has(grammar)) return
      library ??= start()
      try {
        const { Language } = await library
        const language = await Language.load(await readFile(join(folder, `tree-sitter-${grammar}.wasm`)))
        loaded.set(grammar, { language, names: namesOf(language) })
      } catch (error) {
        drop()
        throw error
      }
    },
    parse(grammar, text) {
      if (text.length > maxLength) return null
      const known = kept.find((parsed) => parsed.grammar === grammar && parsed.tree.text === text)
      if (known !== undefined) return known.tree
      const present = loaded.get(grammar)
      if (present === undefined || parser === null) throw new Error(`the grammar ${grammar} is not loaded`)
      const until = performance.now() + limitMs
      parser.setLanguage(present.language)
      const tree = parser.parse(text, null, { progressCallback: () => performance.now() > until })
      // Otherwise the next parse would go on where this one was given up.
      if (tree === null) parser.reset()
      const parsed = tree === null ? null : flatten(tree, text, present.names)
      tree?.delete()
      if (text.length > RENEW_LENGTH) isWorn = true
      if (parsed !== null && text.length <= KEPT_LENGTH) kept = [...kept.slice(1 - KEPT), { grammar, tree: parsed }]
      return parsed
    },
  }
}

/** The kind behind the grammar's own stands for errors. */
function namesOf(language: Language): TreeNames {
  const kinds = language.types.map((kind) => kind ?? '')
  return {
    kinds: [...kinds, ERROR],
    named: [...kinds.map((_kind, id) => language.nodeTypeIsNamed(id)), true],
    fields: language.fields,
  }
}

function flatten(tree: Tree, text: string, names: TreeNames): SyntaxTree | null {
  const count = tree.rootNode.descendantCount
  if (count > MAX_NODES) return null
  const error = names.kinds.length - 1
  const kind = new Uint16Array(count)
  const field = new Uint16Array(count)
  const start = new Uint32Array(count)
  const end = new Uint32Array(count)
  const parent = new Uint32Array(count)
  const next = new Uint32Array(count)
  const missing = new Uint8Array(count)
  const cursor = tree.walk()
  let node = 0
  let above = 0
  for (let walking = true; walking;) {
    const type = cursor.nodeTypeId
    kind[node] = type < error ? type : error
    field[node] = cursor.currentFieldId
    const from = cursor.startIndex
    const to = cursor.endIndex
    start[node] = from
    end[node] = to
    parent[node] = above
    if (from === to && cursor.nodeIsMissing) missing[node] = 1
    if (cursor.gotoFirstChild()) {
      above = node
      node += 1
      continue
    }
    next[node] = node + 1
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) {
        walking = false
        break
      }
      next[above] = node + 1
      above = parent[above] ?? 0
    }
    node += 1
  }
  cursor.delete()
  return { text, names, kind, field, start, end, parent, next, missing }
}

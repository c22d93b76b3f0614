// Which stretches of a source text are what: highlight.js with a dozen languages. Loaded only when a diff has been painted.
import hljs from 'highlight.js/lib/core'
import type { Emitter } from 'highlight.js'
import bash from 'highlight.js/lib/languages/bash'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import markdown from 'highlight.js/lib/languages/markdown'
import php from 'highlight.js/lib/languages/php'
import python from 'highlight.js/lib/languages/python'
import ruby from 'highlight.js/lib/languages/ruby'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import swift from 'highlight.js/lib/languages/swift'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'

/** The six inks of a source text; everything else stays as it is. */
export type Ink = 'keyword' | 'string' | 'number' | 'comment' | 'title' | 'type'

/** A stretch of a text in UTF-16 units, end exclusive. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly ink: Ink
}

const LANGUAGES = {
  bash,
  cpp,
  csharp,
  css,
  go,
  java,
  javascript,
  json,
  kotlin,
  markdown,
  php,
  python,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
}

const BY_ENDING: Readonly<Record<string, keyof typeof LANGUAGES>> = {
  bash: 'bash',
  c: 'cpp',
  cc: 'cpp',
  cjs: 'javascript',
  cpp: 'cpp',
  cs: 'csharp',
  css: 'css',
  cts: 'typescript',
  go: 'go',
  h: 'cpp',
  hpp: 'cpp',
  htm: 'xml',
  html: 'xml',
  java: 'java',
  js: 'javascript',
  json: 'json',
  jsx: 'javascript',
  kt: 'kotlin',
  kts: 'kotlin',
  less: 'css',
  markdown: 'markdown',
  md: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  php: 'php',
  py: 'python',
  pyi: 'python',
  rb: 'ruby',
  rs: 'rust',
  scss: 'css',
  sh: 'bash',
  sql: 'sql',
  svelte: 'xml',
  svg: 'xml',
  swift: 'swift',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  zsh: 'bash',
}

/** By the first word of highlight.js' scope. */
const INKS: Readonly<Record<string, Ink>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  literal: 'number',
  number: 'number',
  symbol: 'number',
  string: 'string',
  regexp: 'string',
  char: 'string',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  meta: 'comment',
  title: 'title',
  section: 'title',
  name: 'title',
  type: 'type',
  built_in: 'type',
  attr: 'type',
  attribute: 'type',
  'selector-class': 'type',
}

/** Collects stretches instead of making HTML; inner ones come after the outer ones that they lie in. */
class Collector implements Emitter {
  readonly stretches: { from: number; to: number; ink: Ink }[] = []
  private readonly open: ({ from: number; to: number; ink: Ink } | null)[] = []
  length = 0

  startScope(name: string): void {
    this.openNode(name)
  }

  endScope(): void {
    this.closeNode()
  }

  /** highlight.js calls these two as well as those above, for the same. */
  openNode(name: string): void {
    const ink = INKS[name.split('.')[0] ?? '']
    const stretch = ink === undefined ? null : { from: this.length, to: this.length, ink }
    if (stretch !== null) this.stretches.push(stretch)
    this.open.push(stretch)
  }

  closeNode(): void {
    const stretch = this.open.pop()
    if (stretch) stretch.to = this.length
  }

  addText(text: string): void {
    this.length += text.length
  }

  __addSublanguage(emitter: Emitter): void {
    if (!(emitter instanceof Collector)) return
    for (const { from, to, ink } of emitter.stretches) {
      this.stretches.push({ from: from + this.length, to: to + this.length, ink })
    }
    this.length += emitter.length
  }

  finalize(): void {
    while (this.open.length > 0) this.closeNode()
  }

  toHTML(): string {
    return ''
  }
}

hljs.configure({ __emitter: Collector })
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language)

/** The stretches of a text, outer ones first; none when the path's ending tells no known language. */
export function stretchesOf(text: string, path: string): readonly Stretch[] {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const language = Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined
  if (language === undefined) return []
  const { _emitter: emitter } = hljs.highlight(text, { language, ignoreIllegals: true })
  return emitter instanceof Collector ? emitter.stretches.filter(({ from, to }) => to > from) : []
}

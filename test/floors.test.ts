// The architecture: reads every source file and asserts who imports whom, what the core keeps out, and the marks of the house.
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, posix, sep } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

type Floor = 'contract' | 'wire' | 'preload' | 'core' | 'adapters' | 'host' | 'shell' | 'renderer'

/** What each floor may import, besides itself. */
const BELOW: Readonly<Record<Floor, readonly Floor[]>> = {
  contract: [],
  wire: ['contract'],
  preload: ['contract', 'wire'],
  core: ['contract', 'wire'],
  adapters: ['contract', 'wire', 'core'],
  host: ['contract', 'wire', 'core', 'adapters'],
  shell: ['contract', 'wire', 'core', 'adapters', 'host'],
  renderer: ['contract', 'wire'],
}

/** Where files live. What lies outside these rooms belongs to no floor, and no floor may import it. */
const ROOMS: readonly (readonly [prefix: RegExp, floor: Floor])[] = [
  [/^preload\/contract(\.ts$|\/)/, 'contract'],
  [/^preload\/wire(\.ts$|\/)/, 'wire'],
  [/^preload\/preload\.ts$/, 'preload'],
  [/^main\/core\//, 'core'],
  [/^main\/adapters\//, 'adapters'],
  [/^main\/host\//, 'host'],
  [/^main\/shell\//, 'shell'],
  [/^renderer\//, 'renderer'],
]

/** These stand beside the floors: the `bin`, which runs before there is a build, and the build's own configuration. */
const BESIDE = /^main\/(launch\.mjs|electron\.vite\.config\.ts)$/

/** What would make the core depend on the moment or the machine. */
const IMPURE = new Set(
  ['Date', 'performance', 'crypto', 'process', 'Buffer', 'fetch', 'globalThis', 'window', 'document', 'console'].concat(
    ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame', 'WebSocket', 'Worker'],
  ),
)

/** Runtime checks turn `unknown` into types, and only they may say `as`. */
const MAY_CAST = /^main\/host\/guard(\.ts$|\/)/

function floorOf(path: string): Floor | null {
  return ROOMS.find(([prefix]) => prefix.test(path))?.[1] ?? null
}

function isNode(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

/** Why this floor may not have that package; null when it may. Specifiers of types count like all others. */
function whyNotPackage(floor: Floor, specifier: string): string | null {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  if (floor === 'contract' || floor === 'wire' || floor === 'core')
    return `imports nothing from outside, but ${specifier}`
  if (name === 'electron')
    return floor === 'shell' || floor === 'preload' ? null : 'only the shell and preload.ts import electron'
  if (floor === 'preload') return `imports nothing but electron, but ${specifier}`
  if (floor === 'renderer' && (isNode(specifier) || ['openai', 'ws', 'chokidar', 'zod', 'ignore'].includes(name))) {
    return `the window does not import ${specifier}`
  }
  return null
}

function whyNotImport(path: string, specifier: string): string | null {
  const floor = floorOf(path)
  if (floor === null) {
    // The configuration brings its tools; the bin has nothing but Node.
    const allowed = path.endsWith('.config.ts') || isNode(specifier) || specifier.startsWith('.')
    return allowed ? null : `the bin runs without packages, but imports ${specifier}`
  }
  if (!specifier.startsWith('.')) return whyNotPackage(floor, specifier)
  const target = posix.join(posix.dirname(path), specifier)
  if (!/\.(ts|tsx|css)$/.test(target)) return `${specifier} carries no extension`
  const other = floorOf(target)
  if (other === null) return `${target} is on no floor`
  return other === floor || BELOW[floor].includes(other) ? null : `${floor} may not import ${other} (${target})`
}

interface Found {
  readonly imports: string[]
  readonly casts: string[]
  readonly names: string[]
  /** `import(name)` of something that is no literal. */
  hiddenImports: number
}

function find(path: string, text: string): Found {
  const parsed = parseSync(path, text)
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`)
  const found: Found = { imports: [], casts: [], names: [], hiddenImports: 0 }
  visit(parsed.program, found)
  return found
}

function fieldOf(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? new Map(Object.entries(node)).get(name) : undefined
}

function visit(node: unknown, found: Found): void {
  if (Array.isArray(node)) for (const each of node) visit(each, found)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  const type = fieldOf(node, 'type')
  switch (type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType': {
      const specifier = fieldOf(fieldOf(node, 'source'), 'value')
      if (typeof specifier === 'string') found.imports.push(specifier)
      else if (type === 'ImportExpression') found.hiddenImports += 1
      break
    }
    case 'CallExpression':
      if (fieldOf(fieldOf(node, 'callee'), 'name') === 'require') {
        found.imports.push(String(fieldOf(new Map(Object.entries(fieldOf(node, 'arguments') ?? {})).get('0'), 'value')))
      }
      break
    case 'TSAsExpression': {
      const to = fieldOf(node, 'typeAnnotation')
      if (fieldOf(fieldOf(to, 'typeName'), 'name') !== 'const') found.casts.push('as')
      break
    }
    case 'TSTypeAssertion':
      found.casts.push('<type>')
      break
    case 'TSNonNullExpression':
      found.casts.push('!')
      break
    case 'MemberExpression':
      if (
        fieldOf(fieldOf(node, 'object'), 'name') === 'Math' &&
        fieldOf(fieldOf(node, 'property'), 'name') === 'random'
      ) {
        found.names.push('Math.random')
      }
      break
    case 'Identifier':
      found.names.push(String(fieldOf(node, 'name')))
      break
  }
  const isComputed = fieldOf(node, 'computed') === true
  for (const [name, child] of Object.entries(node)) {
    // `a.fetch` and `{ fetch: 1 }` name a member, not what the machine offers.
    if (!isComputed && (name === 'key' || (name === 'property' && type === 'MemberExpression'))) continue
    visit(child, found)
  }
}

/** A comment of some words in the first line; a bin has its `#!` before it. */
function saysWhatItIs(text: string): boolean {
  const lines = text.split('\n', 2)
  const first = (lines[0]?.startsWith('#!') ? lines[1] : lines[0]) ?? ''
  return /^(\/\/|\/\*) *\S+( +\S+){2,}/.test(first)
}

/** All that is wrong with one file, one line each; `path` is relative to the root, with `/`. */
function violationsOf(path: string, text: string): readonly string[] {
  const violations: string[] = []
  if (!saysWhatItIs(text)) violations.push('the first line does not say what the file is')
  if (!/\.[cm]?tsx?$|\.mjs$/.test(path)) return violations
  if (floorOf(path) === null && !BESIDE.test(path)) violations.push('is on no floor')
  const { imports, casts, names, hiddenImports } = find(path, text)
  for (const specifier of imports) {
    const why = whyNotImport(path, specifier)
    if (why !== null) violations.push(why)
  }
  if (!MAY_CAST.test(path)) for (const cast of casts) violations.push(`casts with ${cast}`)
  if (hiddenImports > 0 && !BESIDE.test(path)) violations.push('imports something that only shows at run time')
  if (floorOf(path) === 'core') {
    for (const name of new Set(names)) {
      if (IMPURE.has(name) || name === 'Math.random') violations.push(`the core is pure, but uses ${name}`)
    }
  }
  return violations
}

function filesOf(room: string): readonly string[] {
  return readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .map((name) => `${room}/${name.split(sep).join('/')}`)
    .filter((path) => /\.([cm]?tsx?|mjs|css)$/.test(path) && !path.startsWith('test/fixtures/'))
}

const sources = ['main', 'preload', 'renderer'].flatMap(filesOf)

describe('every source file', () => {
  test('there are some', () => {
    expect(sources).toContain('preload/contract.ts')
    expect(sources.filter((path) => floorOf(path) === 'core').length).toBeGreaterThan(3)
  })

  test.each(sources)('%s keeps to its floor and to the marks of the house', (path) => {
    expect(violationsOf(path, readFileSync(join(ROOT, path), 'utf8'))).toEqual([])
  })

  test('of the tests, too, says in its first line what it is', () => {
    expect(filesOf('test').filter((path) => !saysWhatItIs(readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
  })
})

describe('a planted violation is found', () => {
  const says = '// A file that says what it is.\n'

  test.each([
    ['preload/contract.ts', `import { x } from './wire.ts'`],
    ['preload/wire.ts', `import { x } from '../main/core/text.ts'`],
    ['preload/wire.ts', `import ws from 'ws'`],
    ['preload/preload.ts', `import { readFileSync } from 'node:fs'`],
    ['main/core/text.ts', `import { hash } from 'node:crypto'`],
    ['main/core/text.ts', `import { sep } from 'path'`],
    ['main/core/text.ts', `import type { App } from 'electron'`],
    ['main/core/text.ts', `import OpenAI from 'openai'`],
    ['main/core/text.ts', `import ws from 'ws'`],
    ['main/core/text.ts', `import { watch } from 'chokidar'`],
    ['main/core/text.ts', `import { createFiles } from '../adapters/files.ts'`],
    ['main/core/text.ts', `import type { Files } from '../adapters/files.ts'`],
    ['main/core/text.ts', `export * from '../host/api.ts'`],
    ['main/core/text.ts', `export const x = await import('../adapters/files.ts')`],
    ['main/core/text.ts', `export type X = import('../adapters/files.ts').X`],
    ['main/core/text.ts', `import {\n  one,\n  two,\n} from\n  '../shell/main.ts'`],
    ['main/core/session/session.ts', `import { x } from '../../adapters/store.ts'`],
    ['main/adapters/store.ts', `import { x } from '../host/api.ts'`],
    ['main/adapters/store.ts', `import { app } from 'electron'`],
    ['main/adapters/store.ts', `import { x } from './database'`],
    ['main/adapters/store.ts', `import { x } from '../../test/fakes/clock.ts'`],
    ['main/adapters/store.ts', `const { app } = require('electron')`],
    ['main/adapters/store.ts', `const name = 'electron'; export const x = import(name)`],
    ['main/host/api.ts', `import { x } from '../shell/main.ts'`],
    ['main/host/api.ts', `import { x } from '../../renderer/App.tsx'`],
    ['main/host/api.ts', `import { x } from '../../preload/preload.ts'`],
    ['main/host/api.ts', `import { app } from 'electron/main'`],
    ['main/shell/main.ts', `import { x } from '../../renderer/link.ts'`],
    ['renderer/App.tsx', `import { x } from '../main/core/text.ts'`],
    ['renderer/App.tsx', `import { x } from '../preload/preload.ts'`],
    ['renderer/App.tsx', `import { ipcRenderer } from 'electron'`],
    ['renderer/App.tsx', `import { join } from 'node:path'`],
    ['main/launch.mjs', `import { z } from 'zod'`],
    ['main/elsewhere.ts', `export const x = 1`],
    ['main/core/text.ts', `export const now = Date.now()`],
    ['main/core/text.ts', `export const now = performance.now()`],
    ['main/core/text.ts', `export const id = crypto.randomUUID()`],
    ['main/core/text.ts', `export const chance = Math.random()`],
    ['main/core/text.ts', `setTimeout(() => null, 1)`],
    ['main/core/text.ts', `export const home = process.env['HOME']`],
    ['main/adapters/store.ts', `export const x = JSON.parse('1') as number`],
    ['main/adapters/store.ts', `export const x = [1] as unknown as string`],
    ['main/adapters/store.ts', `export const x = <number>JSON.parse('1')`],
    ['main/adapters/store.ts', `export const x = [1].at(0)!`],
    ['renderer/App.tsx', `export const x = <b>{window.y as string}</b>`],
  ])('in %s: %s', (path, code) => {
    expect(violationsOf(path, `${says}${code}\n`)).toHaveLength(code.includes('as unknown as') ? 2 : 1)
  })

  test.each([
    ['preload/contract.ts', 'export interface X { readonly y: 1 }\n'],
    ['renderer/styles.css', 'body { margin: 0 }\n'],
    ['main/launch.mjs', '#!/usr/bin/env node\nimport "node:fs"\n'],
    ['main/core/text.ts', '\n// The comment comes too late.\n'],
    ['main/core/text.ts', '//\n'],
  ])('in %s, whose first line does not say what it is', (path, text) => {
    expect(violationsOf(path, text)).toEqual(['the first line does not say what the file is'])
  })
})

describe('what is allowed is not called a violation', () => {
  const says = '// A file that says what it is.\n'

  test.each([
    ['preload/wire.ts', `import type { Calls } from './contract.ts'`],
    ['preload/preload.ts', `import { ipcRenderer } from 'electron'\nimport { x } from './wire.ts'`],
    [
      'main/core/session/session.ts',
      `import { x } from '../text.ts'\nimport type { X } from '../../../preload/contract.ts'`,
    ],
    ['main/core/text.ts', `export const list = ['a'] as const`],
    ['main/core/text.ts', `export const a = (clock: { Date: number }) => clock.Date\nexport const b = { fetch: 1 }`],
    [
      'main/core/text.ts',
      `// import { x } from 'node:fs', said as a comment\nexport const text = "import 'electron' as Date"`,
    ],
    ['main/adapters/store.ts', `import { DatabaseSync } from 'node:sqlite'\nimport { x } from '../core/text.ts'`],
    ['main/adapters/model/choose.ts', `export const sdk = () => import('openai')`],
    ['main/host/guard.ts', `import { z } from 'zod'\nexport const x = z.string() as unknown`],
    ['main/shell/main.ts', `import { app } from 'electron'\nimport { x } from '../host/run.ts'`],
    ['renderer/main.tsx', `import './styles.css'\nimport { createRoot } from 'react-dom/client'`],
    ['main/launch.mjs', `import { spawn } from 'node:child_process'\nawait import(entry)`],
    ['main/electron.vite.config.ts', `import { defineConfig } from 'electron-vite'`],
  ])('in %s: %s', (path, code) => {
    expect(violationsOf(path, `${says}${code}\n`)).toEqual([])
  })
})

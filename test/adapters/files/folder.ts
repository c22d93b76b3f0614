// A temporary project folder for one test, and what the tests of the file system ask it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Folder {
  readonly root: string
  at(path: string): string
  /** Writes bytes or text; makes the folders on the way. */
  put(path: string, content: string | Uint8Array): void
  bytes(path: string): Buffer
  text(path: string): string
  /** Every file, folder and link below, sorted. */
  entries(): readonly string[]
}

export function makeFolder(): Folder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipstream-test-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const at = (path: string): string => join(root, path)
  return {
    root,
    at,
    put(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), content)
    },
    bytes: (path) => readFileSync(at(path)),
    text: (path) => readFileSync(at(path), 'utf8'),
    entries: () => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort(),
  }
}

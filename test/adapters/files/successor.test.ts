// Tests of the file that is to take another one's place.
import { chmodSync, linkSync, renameSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Attributes } from '../../../main/adapters/files/attributes.ts'
import { present, type Present } from '../../../main/adapters/files/disk.ts'
import { beginSuccessor, type Successor } from '../../../main/adapters/files/successor.ts'
import { makeFolder, type Folder } from './folder.ts'

const BYTES = Buffer.from('new\n')

function begun(folder: Folder): { readonly successor: Successor; readonly copies: string[] } {
  const copies: string[] = []
  const attributes: Attributes = {
    copy: async (from) => void copies.push(from),
    warm: () => undefined,
    close: () => undefined,
  }
  const successor = beginSuccessor(folder.at('a.txt'), attributes)
  if (successor === null) throw new Error('it is not to be replaced')
  return { successor, copies }
}

async function seen(folder: Folder): Promise<Present> {
  const found = await present(folder.at('a.txt'))
  if (found === null) throw new Error('the old file is gone')
  return found
}

function withFile(): Folder {
  const folder = makeFolder()
  folder.put('a.txt', 'old\n')
  return folder
}

describe('beginSuccessor', () => {
  it('makes a file that looks like the old one and can be moved over it', async () => {
    const folder = withFile()
    chmodSync(folder.at('a.txt'), 0o640)
    const { successor, copies } = begun(folder)
    expect(await successor.fill(await seen(folder), BYTES)).not.toBeNull()
    renameSync(successor.file, folder.at('a.txt'))
    successor.moved()
    await successor.close()
    expect([folder.text('a.txt'), statSync(folder.at('a.txt')).mode & 0o777]).toEqual(['new\n', 0o640])
    expect([folder.entries(), copies]).toEqual([['a.txt'], [folder.at('a.txt')]])
  })

  it('copies the attributes again when the old file was given others before it was read', async () => {
    const folder = withFile()
    const { successor, copies } = begun(folder)
    // A file system keeps times in steps: until the change shows in them.
    const { ctimeMs } = statSync(folder.at('a.txt'))
    while (statSync(folder.at('a.txt')).ctimeMs === ctimeMs) chmodSync(folder.at('a.txt'), 0o600)
    await successor.fill(await seen(folder), BYTES)
    await successor.close()
    expect(copies).toHaveLength(2)
  })

  it('leaves nothing behind when it is not filled, or does not move', async () => {
    const folder = withFile()
    const unfilled = begun(folder).successor
    await unfilled.close()
    const unmoved = begun(folder).successor
    await unmoved.fill(await seen(folder), BYTES)
    await unmoved.close()
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('is none for what is not replaced', () => {
    const folder = withFile()
    const none: Attributes = { copy: async () => undefined, warm: () => undefined, close: () => undefined }
    expect(beginSuccessor(folder.at('absent.txt'), none)).toBeNull()
    expect(beginSuccessor(folder.root, none)).toBeNull()
    linkSync(folder.at('a.txt'), folder.at('b.txt'))
    expect(beginSuccessor(folder.at('a.txt'), none)).toBeNull()
    folder.put('c.txt', 'old\n')
    chmodSync(folder.at('c.txt'), 0o444)
    expect(beginSuccessor(folder.at('c.txt'), none)).toBeNull()
    expect(folder.entries()).toEqual(['a.txt', 'b.txt', 'c.txt'])
  })
})

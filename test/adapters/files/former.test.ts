// Tests that no save is lost which an editor writes into a file while, or after, it is replaced.
import {
  closeSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { hashBytes } from '../../../main/adapters/files/bytes.ts'
import { createFiles, type OpenFiles } from '../../../main/adapters/files/files.ts'
import { Formers } from '../../../main/adapters/files/former.ts'
import { formerName, isTemporaryName } from '../../../main/adapters/files/temporary.ts'
import type { OvertakenSave } from '../../../main/core/ports.ts'
import { makeFolder, type Folder } from './folder.ts'

const never = new AbortController().signal
const OLD = 'one\ntwo\nthree\n'

function hashOf(text: string): string {
  return hashBytes(Buffer.from(text))
}

function filesOf(folder: Folder, keepMs = 120): OpenFiles {
  return createFiles(folder.root, { maxBytes: () => 1_000_000, keepMs })
}

function kept(folder: Folder): readonly string[] {
  return folder.entries().filter((name) => isTemporaryName(name))
}

/** An editor that keeps the file open and saves into it. */
function editor(folder: Folder, path: string): { save(text: string): void; close(): void } {
  const descriptor = openSync(folder.at(path), 'r+')
  return {
    save(text) {
      ftruncateSync(descriptor, 0)
      writeSync(descriptor, text, 0)
    },
    close: () => closeSync(descriptor),
  }
}

describe('a replaced file', () => {
  it('stays beside the new one for a moment, and goes when nobody wrote into it', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    const files = filesOf(folder)
    await files.write({ path: 'a.txt', expected: hashOf(OLD), after: 'new', onOvertaken: async () => true }, never)
    expect(kept(folder)).toHaveLength(1)
    await files.close()
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('tells what somebody saved into it, and is watched on from there', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    const files = filesOf(folder)
    const held = editor(folder, 'a.txt')
    const saves: (string | null)[] = []
    const onOvertaken = async (save: OvertakenSave): Promise<boolean> => {
      saves.push(save.saved)
      if (saves.length === 1) held.save('second')
      return true
    }
    await files.write({ path: 'a.txt', expected: hashOf(OLD), after: 'new', onOvertaken }, never)
    held.save('first')
    await files.close()
    held.close()
    expect(saves).toEqual(['first', 'second'])
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('comes back with what was saved, and who holds it open goes on in the right file', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    const files = filesOf(folder)
    const held = editor(folder, 'a.txt')
    const onOvertaken = async (save: OvertakenSave): Promise<boolean> => (await save.putBack(hashOf('new'))).ok
    await files.write({ path: 'a.txt', expected: hashOf(OLD), after: 'new', onOvertaken }, never)
    held.save('saved')
    await expect.poll(() => folder.text('a.txt')).toBe('saved')
    held.save('saved again')
    held.close()
    await files.close()
    expect(folder.text('a.txt')).toBe('saved again')
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('does not come back over what was written since', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    const files = filesOf(folder)
    const held = editor(folder, 'a.txt')
    const outcomes: boolean[] = []
    const onOvertaken = async (save: OvertakenSave): Promise<boolean> => {
      outcomes.push((await save.putBack(hashOf('new'))).ok)
      return false
    }
    await files.write({ path: 'a.txt', expected: hashOf(OLD), after: 'new', onOvertaken }, never)
    writeFileSync(folder.at('a.txt'), 'a later save')
    held.save('saved')
    await files.close()
    held.close()
    expect(outcomes).toEqual([false])
    expect(folder.text('a.txt')).toBe('a later save')
    // Nobody took care of it: it is not thrown away.
    expect(kept(folder).map((name) => folder.text(name))).toEqual(['saved'])
  })

  it('comes back after it was deleted, if nothing stands there', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    const files = filesOf(folder)
    const held = editor(folder, 'a.txt')
    const onOvertaken = async (save: OvertakenSave): Promise<boolean> => (await save.putBack(null)).ok
    await files.write({ path: 'a.txt', expected: hashOf(OLD), after: null, onOvertaken }, never)
    held.save('saved')
    await files.close()
    held.close()
    expect(folder.text('a.txt')).toBe('saved')
    expect(folder.entries()).toEqual(['a.txt'])
  })

  it('waits until a slow writer has come to an end', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    const files = filesOf(folder)
    const descriptor = openSync(folder.at('a.txt'), 'r+')
    const saves: (string | null)[] = []
    const onOvertaken = async (save: OvertakenSave): Promise<boolean> => saves.push(save.saved) > 0
    await files.write({ path: 'a.txt', expected: hashOf(OLD), after: 'new', onOvertaken }, never)
    ftruncateSync(descriptor, 0)
    await pause(30)
    for (const part of ['one ', 'two ', 'three']) {
      writeSync(descriptor, part)
      await pause(5)
    }
    closeSync(descriptor)
    await files.close()
    expect(saves).toEqual(['one two three'])
  })

  it('is looked at once where nobody can be told: what was saved into it stays, and can be put back', async () => {
    const folder = makeFolder()
    const name = formerName('a.txt', hashOf(OLD))
    folder.put('a.txt', 'new')
    folder.put(name, OLD)
    const formers = new Formers(0)
    const former = { path: 'a.txt', real: folder.at('a.txt'), file: folder.at(name), hash: hashOf(OLD) }
    writeFileSync(folder.at(name), 'saved')
    expect(await formers.untouched(former)).toBe(false)
    expect(await formers.putBack(former, hashOf('new'), null)).toMatchObject({ ok: true })
    expect(folder.text('a.txt')).toBe('saved')
    expect(folder.entries()).toEqual(['a.txt'])
  })
})

it('200 writers that hold the file open across the rename lose nothing', async () => {
  const folder = makeFolder()
  const files = filesOf(folder, 60)
  const runs = Array.from({ length: 200 }, async (_, at) => {
    const path = `f${at}.txt`
    folder.put(path, OLD)
    const held = editor(folder, path)
    const told: (string | null)[] = []
    const onOvertaken = async (save: OvertakenSave): Promise<boolean> => told.push(save.saved) > 0
    const writing = files.write({ path, expected: hashOf(OLD), after: 'new', onOvertaken }, never)
    await pause(at % 25)
    held.save(`saved ${at}`)
    held.close()
    const written = await writing
    return { path, at, written, told }
  })
  const outcomes = await Promise.all(runs)
  await files.close()
  for (const { path, at, written, told } of outcomes) {
    expect(written.ok ? told.at(-1) : folder.text(path)).toBe(`saved ${at}`)
  }
  expect(kept(folder)).toEqual([])
})

describe('after a crash', () => {
  it('what is left of a write goes, whatever other files are called', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'new')
    folder.put(formerName('a.txt', hashOf(OLD)), OLD)
    folder.put('.slipstream-0123456789ab.tmp', 'half')
    folder.put('.slipstream-notes.tmp', 'a person’s own')
    await filesOf(folder, 0).sweep(['a.txt'], async () => false, never)
    expect(folder.entries()).toEqual(['.slipstream-notes.tmp', 'a.txt'])
  })

  it('what somebody saved into an old file is told, with the hash of what it held', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'new')
    const name = formerName('a.txt', hashOf(OLD))
    folder.put(name, 'saved')
    const told: unknown[] = []
    const files = filesOf(folder, 0)
    await files.sweep(
      ['a.txt'],
      async (save, before) => {
        told.push([save.path, save.saved, save.kept, before])
        return (await save.putBack(hashOf('new'))).ok
      },
      never,
    )
    await files.close()
    expect(told).toEqual([['a.txt', 'saved', name, hashOf(OLD).slice(0, 16)]])
    expect(folder.text('a.txt')).toBe('saved')
    expect(kept(folder)).toEqual([])
  })

  it('what nobody takes care of stays', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'new')
    folder.put(formerName('a.txt', hashOf(OLD)), 'saved')
    await filesOf(folder, 0).sweep(['a.txt'], async () => false, never)
    expect(kept(folder)).toHaveLength(1)
  })

  it('what another process may be at work on is left to it for a while', async () => {
    const folder = makeFolder()
    folder.put('a.txt', 'new')
    folder.put(formerName('a.txt', hashOf(OLD)), OLD)
    const sweeping = filesOf(folder, 150).sweep(['a.txt'], async () => false, never)
    await pause(40)
    expect(kept(folder)).toHaveLength(1)
    await sweeping
    expect(kept(folder)).toEqual([])
  })
})

describe('a file that is written in place', () => {
  const NEW = 'ONE\ntwo\nTHREE and more\n'
  const write = { path: 'a.txt', before: OLD, after: NEW }

  async function torn(bytes: string, mark: boolean): Promise<{ side: string; text: string }> {
    const folder = makeFolder()
    folder.put('a.txt', bytes)
    if (mark) folder.put(formerName('a.txt', hashOf(OLD)), OLD)
    const side = await filesOf(folder, 0).mend(write, never)
    return { side, text: folder.text('a.txt') }
  }

  it('gets its old content back wherever a crash has torn it', async () => {
    const lengthened = OLD + NEW.slice(OLD.length)
    const states = [
      ...Array.from({ length: NEW.length - OLD.length }, (_, at) => OLD + NEW.slice(OLD.length, OLD.length + at)),
      ...Array.from({ length: OLD.length }, (_, at) => NEW.slice(0, at) + lengthened.slice(at)),
    ]
    for (const state of states) expect(await torn(state, true)).toEqual({ side: 'old', text: OLD })
    expect(await torn(NEW, true)).toEqual({ side: 'new', text: NEW })
  })

  it('is never touched when the same could be a person’s edit', async () => {
    const half = 'ONE\ntwo\nthree\n'
    expect(await torn(half, false)).toEqual({ side: 'other', text: half })
  })

  it('is never touched when something else stands there', async () => {
    expect(await torn('something else\n', true)).toEqual({ side: 'other', text: 'something else\n' })
  })

  it('has only a whole copy of its old content beside it: a half one would pass for a save', async () => {
    const folder = makeFolder()
    const large = 'a line of a large file\n'.repeat(100_000)
    folder.put('a.txt', large)
    linkSync(folder.at('a.txt'), folder.at('b.txt'))
    const files = createFiles(folder.root, { maxBytes: () => 10_000_000 })
    const state = { over: false }
    const writing = files.write({ path: 'a.txt', expected: hashOf(large), after: NEW }, never).finally(() => {
      state.over = true
    })
    const sizes = new Set<number>()
    while (!state.over) {
      const copies = folder.entries().filter((name) => name.endsWith('.old'))
      for (const copy of copies) sizes.add(statSync(folder.at(copy), { throwIfNoEntry: false })?.size ?? large.length)
      await turn()
    }
    await writing
    expect([...sizes]).toEqual([large.length])
  })

  it('has a copy of its old content beside it only while it is written', async () => {
    const folder = makeFolder()
    folder.put('a.txt', OLD)
    linkSync(folder.at('a.txt'), folder.at('b.txt'))
    const files = filesOf(folder)
    expect(await files.write({ path: 'a.txt', expected: hashOf(OLD), after: NEW }, never)).toMatchObject({ ok: true })
    expect(folder.entries()).toEqual(['a.txt', 'b.txt'])
  })
})

describe('which side stands after a crash', () => {
  it.each([
    [null, 'text\n', 'old'],
    ['text\n', 'text\n', 'new'],
    ['else\n', 'text\n', 'other'],
  ])('for a file that was to be made: %j stands there', async (stands, after, side) => {
    const folder = makeFolder()
    if (stands !== null) folder.put('a.txt', stands)
    expect(await filesOf(folder).mend({ path: 'a.txt', before: null, after }, never)).toBe(side)
  })

  it('is told in the encoding of the file', async () => {
    const folder = makeFolder()
    folder.put('a.txt', Buffer.from('é\n', 'latin1'))
    const write = { path: 'a.txt', before: 'e\n', after: 'é\n', encoding: 'iso-8859-1?' }
    expect(await filesOf(folder).mend(write, never)).toBe('new')
  })
})

it('an editor that renames its own file over ours is no save into the old one', async () => {
  const folder = makeFolder()
  folder.put('a.txt', OLD)
  const files = filesOf(folder, 60)
  let told = 0
  const onOvertaken = async (): Promise<boolean> => (told += 1) > 0
  await files.write({ path: 'a.txt', expected: hashOf(OLD), after: 'new', onOvertaken }, never)
  writeFileSync(join(folder.root, 'theirs'), 'theirs')
  renameSync(folder.at('theirs'), folder.at('a.txt'))
  await files.close()
  expect(told).toBe(0)
  expect(readdirSync(folder.root)).toEqual(['a.txt'])
})

// What is muted, what it covers, and when it ends.
import { describe, expect, test } from 'vitest'
import { languageOf } from '../../main/core/language.ts'
import { isMutes, muted, muteOf, nextEnd, standing, unmuted } from '../../main/core/mute.ts'

const FOLDER = { kind: 'folder', name: 'src/generated', until: null } as const
const LANGUAGE = { kind: 'language', name: 'Markdown', until: 2000 } as const

describe('what a mute covers', () => {
  test('everything', () => {
    expect(muteOf([{ kind: 'all', name: '', until: null }], 'any/file.ts', 0)).not.toBeNull()
  })

  test('one file, and not one whose name begins alike', () => {
    const mutes = [{ kind: 'file', name: 'src/a.ts', until: null }] as const
    expect(muteOf(mutes, 'src/a.ts', 0)).not.toBeNull()
    expect(muteOf(mutes, 'src/a.tsx', 0)).toBeNull()
  })

  test('a folder with all below it, and not one whose name begins alike', () => {
    expect(muteOf([FOLDER], 'src/generated/deep/a.ts', 0)).toEqual(FOLDER)
    expect(muteOf([FOLDER], 'src/generated-by-hand/a.ts', 0)).toBeNull()
  })

  test('a language by any of its endings', () => {
    expect(muteOf([LANGUAGE], 'README.MD', 0)).toEqual(LANGUAGE)
    expect(muteOf([LANGUAGE], 'a.ts', 0)).toBeNull()
  })
})

describe('how long', () => {
  test('a mute ends at its moment', () => {
    expect(muteOf([LANGUAGE], 'a.md', 1999)).not.toBeNull()
    expect(muteOf([LANGUAGE], 'a.md', 2000)).toBeNull()
    expect(standing([FOLDER, LANGUAGE], 2000)).toEqual([FOLDER])
  })

  test('the next end is that of those that end', () => {
    expect(nextEnd([FOLDER, LANGUAGE], 0)).toBe(2000)
    expect(nextEnd([FOLDER], 0)).toBeNull()
  })

  test('the same thing muted again has the new end', () => {
    expect(muted([LANGUAGE], { ...LANGUAGE, until: 5000 })).toEqual([{ ...LANGUAGE, until: 5000 }])
  })
})

test('a folder is the same however its name is written', () => {
  const mutes = muted([], { kind: 'folder', name: '.\\src\\generated\\', until: null })
  expect(mutes).toEqual([FOLDER])
  expect(unmuted(mutes, 'folder', './src/generated/')).toEqual([])
})

test('what was kept is checked when it is read back', () => {
  expect(isMutes([FOLDER, LANGUAGE])).toBe(true)
  expect(isMutes([{ kind: 'galaxy', name: '', until: null }])).toBe(false)
  expect(isMutes({})).toBe(false)
})

test.each([
  ['src/a.tsx', 'TypeScript'],
  ['src/A.PY', 'Python'],
  ['Makefile', 'Makefile'],
  ['.env', '.env'],
  ['a.unheard', '.unheard files'],
])('the language of %s is %s', (path, language) => {
  expect(languageOf(path)).toBe(language)
})

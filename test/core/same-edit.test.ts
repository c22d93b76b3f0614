// Which edits of two files are the same one.
import { describe, expect, test } from 'vitest'
import { diff } from '../../main/core/diff.ts'
import { fingerprintOf } from '../../main/core/same-edit.ts'
import { linesOf } from '../../main/core/text.ts'

function fingerprint(before: string, after: string): string | null {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  return fingerprintOf(old, fresh, diff(old, fresh).changes)
}

describe('the same', () => {
  test('a replaced name, whatever stands around it and however often it occurs', () => {
    const one = fingerprint('const a = fetchUser(1)\n', 'const a = loadUser(1)\n')
    const two = fingerprint('  return fetchUser(x)\nno\nfetchUser()\n', '  return loadUser(x)\nno\nloadUser()\n')
    expect(one).not.toBeNull()
    expect(two).toBe(one)
  })

  test('a name that only grows is replaced as a whole', () => {
    const one = fingerprint('total(items)\n', 'totalOf(items)\n')
    expect(fingerprint('return total(list) + 1\n', 'return totalOf(list) + 1\n')).toBe(one)
    expect(one).toContain('totalOf')
  })

  test('a header put on top of each file', () => {
    const header = '// Copyright 2026 Example\n// SPDX: MIT\n'
    expect(fingerprint('b\n', `${header}b\n`)).toBe(fingerprint('a\nx\n', `${header}a\nx\n`))
  })
})

describe('not the same', () => {
  test('another replacement', () => {
    expect(fingerprint('fetchUser()\n', 'loadUser()\n')).not.toBe(fingerprint('fetchUser()\n', 'readUser()\n'))
  })

  test('the same replacement and something else', () => {
    const one = fingerprint('fetchUser()\nrest\n', 'loadUser()\nrest\n')
    expect(fingerprint('fetchUser()\nrest\n', 'loadUser()\nother words\n')).not.toBe(one)
  })

  test('edits that say too little to be told again', () => {
    expect(fingerprint('a = 1\n', 'a = 2\n')).toBeNull()
    expect(fingerprint('{\n', '{\n}\n')).toBeNull()
  })
})

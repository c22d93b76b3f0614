// One instance: what a second start hands over, and which of a process's arguments are ours.
import { expect, test } from 'vitest'
import { claimInstance, wordsOf, type Start } from '../../main/shell/instance.ts'
import { createFakeElectron } from '../fakes/electron.ts'

test('a second start hands over its words and its folder', () => {
  const second = createFakeElectron()
  second.app.isFirst = false
  const start = { words: ['shop', '--model', 'x'], cwd: '/home/me' }
  expect(claimInstance(second, start, () => {})).toBe(false)
  const first = createFakeElectron()
  const seen: Start[] = []
  expect(claimInstance(first, { words: [], cwd: '/' }, (one) => seen.push(one))).toBe(true)
  first.app.emit('second-instance', {}, ['electron', '--mixed-up'], '/elsewhere', second.app.lockData)
  expect(seen).toEqual([start])
})

test.each([null, undefined, 'x', {}, { words: 'x', cwd: '/' }, { words: [1], cwd: '/' }, { words: [] }])(
  'data of another shape (%o) does nothing',
  (data) => {
    const { app } = createFakeElectron()
    const seen: Start[] = []
    claimInstance({ app }, { words: [], cwd: '/' }, (one) => seen.push(one))
    app.emit('second-instance', {}, [], '/', data)
    expect(seen).toEqual([])
  },
)

test.each([
  [['electron', 'shell.mjs', '--', '--data=x', '--', 'shop'], false, ['--data=x', '--', 'shop']],
  [['electron', 'shell.mjs'], false, []],
  [['electron', '--inspect=0', '--no-sandbox', 'shell.mjs', '--', 'shop'], false, ['shop']],
  [['/opt/slipstream', 'shop'], true, ['shop']],
  [['/opt/slipstream', '--', '-odd'], true, ['-odd']],
  [['/opt/slipstream', '--no-sandbox', '--ozone-platform=x11', 'shop'], true, ['shop']],
  [['/opt/slipstream', '--no-open', '--', '--no-sandbox'], true, ['--no-open', '--', '--no-sandbox']],
  [['/Applications/Slipstream', '-psn_0_123'], true, []],
  [['/opt/slipstream', 'nudge', 'a', '--', 'b'], true, ['nudge', 'a', '--', 'b']],
] as const)('of %o (packed: %s) the words are %o', (argv, isPackaged, words) => {
  expect(wordsOf(argv, isPackaged)).toEqual(words)
})

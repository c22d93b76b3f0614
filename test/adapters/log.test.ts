// The log: bounded, one line a message, without contents and keys, and never in the way.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog, type LogOptions } from '../../main/adapters/log.ts'

let folder = ''
const written = (name = 'slipstream.log') => readFileSync(join(folder, name), 'utf8')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipstream-log-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(options: Partial<LogOptions> = {}): ReturnType<typeof createLog> {
  return createLog(folder, {
    conceal: (text) => text.replaceAll('hunter2', '***'),
    echo: null,
    wall: () => 0,
    ...options,
  })
}

test('an entry is one line with time, process and level', async () => {
  const log = open()
  log.info('watching\n  3 files')
  await log.flush()
  expect(written()).toBe(`1970-01-01T00:00:00.000Z ${process.pid} info watching 3 files\n`)
})

test('entries stand in the order in which they came', async () => {
  const log = open()
  for (let count = 0; count < 50; count += 1) log.info(`entry ${count}`)
  await log.flush()
  expect(written().match(/entry \d+/g)).toEqual(Array.from({ length: 50 }, (_, count) => `entry ${count}`))
})

test('an error tells its message, its cause and where it came from', async () => {
  const log = open()
  log.error('saving failed', new TypeError('no such thing', { cause: new Error('deep down') }))
  await log.flush()
  const [head = '', frame = ''] = written().split('\n')
  expect(head).toContain('error saving failed: TypeError: no such thing (caused by Error: deep down)')
  expect(frame).toMatch(/^ {4}at .*log\.test\.ts/)
})

test('nothing is written that was not concealed first', async () => {
  const echoed: string[] = []
  const log = open({ echo: (line) => echoed.push(line) })
  log.info('key hunter2')
  log.error('refused hunter2', new Error('Bearer hunter2'))
  log.error('refused', 'hunter2')
  await log.flush()
  expect(written() + echoed.join('')).not.toContain('hunter2')
})

test('what a parser quotes from a file stays out', async () => {
  const log = open()
  try {
    JSON.parse('the secret plan')
  } catch (error) {
    log.error('reading settings', error)
  }
  await log.flush()
  expect(written()).toContain('reading settings: SyntaxError')
  expect(written()).not.toContain('secret')
})

test('a thrown object is not spelled out', async () => {
  const log = open()
  log.error('odd', { content: 'the secret plan' })
  await log.flush()
  expect(written()).not.toContain('secret')
})

test('a long message is cut', async () => {
  const log = open()
  log.info('x'.repeat(100_000))
  await log.flush()
  expect(written().length).toBeLessThan(600)
})

test('the files stay below their bound, and the newest entries are kept', async () => {
  const log = open({ maxBytes: 2_000 })
  for (let count = 0; count < 200; count += 1) {
    log.info(`entry ${count} ${'x'.repeat(100)}`)
    await log.flush()
  }
  expect(readdirSync(folder).sort()).toEqual(['slipstream.log', 'slipstream.log.1'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(2_000)
  expect(written()).toContain('entry 199 ')
  expect(written('slipstream.log.1')).not.toContain('entry 0 ')
})

test('the file is closed to others', async () => {
  const log = open()
  log.info('hello')
  await log.flush()
  expect(statSync(join(folder, 'slipstream.log')).mode & 0o777).toBe(0o600)
})

test('errors are echoed when asked for, infos are not', () => {
  const echoed: string[] = []
  const log = open({ echo: (line) => echoed.push(line) })
  log.info('quiet')
  log.error('loud', new Error('bang'))
  expect(echoed).toEqual(['loud: Error: bang'])
})

test('a disk that refuses disturbs nobody, and is mentioned afterwards', async () => {
  const blocked = join(folder, 'blocked')
  writeFileSync(blocked, 'a file where the folder should be')
  const log = createLog(blocked, { conceal: (text) => text, echo: null, wall: () => 0 })
  log.info('lost')
  await log.flush()
  rmSync(blocked)
  log.info('found')
  await log.flush()
  const text = readFileSync(join(blocked, 'slipstream.log'), 'utf8')
  expect(text).toContain('info found\n... 1 entries lost\n')
})

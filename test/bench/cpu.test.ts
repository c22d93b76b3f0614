// Processor time between two readings.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cpuBetween, readCpu } from './cpu.ts'
import { Unavailable } from './row.ts'

test('it is what all threads used, also those that began in between', () => {
  const before = new Map([['1/1', 100]])
  const after = new Map([
    ['1/1', 150],
    ['1/2', 30],
  ])
  expect(cpuBetween(before, after)).toBe(80)
})

test('a thread that ended takes nothing away', () => {
  const before = new Map([
    ['1/1', 100],
    ['1/2', 900],
  ])
  expect(cpuBetween(before, new Map([['1/1', 150]]))).toBe(50)
})

test('processes of which nothing can be read are said to be unavailable', () => {
  expect(() => readCpu([])).toThrow(Unavailable)
})

test('work of this process is seen where the system tells it, and elsewhere it is said that it does not', () => {
  if (!existsSync('/proc/self/task')) {
    expect(() => readCpu([process.pid])).toThrow(Unavailable)
    return
  }
  const before = readCpu([process.pid])
  for (const end = process.cpuUsage().user + 20_000; process.cpuUsage().user < end;);
  expect(cpuBetween(before, readCpu([process.pid]))).toBeGreaterThan(10_000)
})

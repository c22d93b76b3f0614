// How far another process's clock is off, as the bench works it out.
import { describe, expect, test } from 'vitest'
import { epoch, measureSkew, onThisClock, until, within } from './clock.ts'

describe('the skew of another clock', () => {
  test('is found within its uncertainty', async () => {
    const skew = await measureSkew(() => Promise.resolve(epoch() + 1000))
    expect(Math.abs(skew.offset - 1000)).toBeLessThanOrEqual(skew.uncertainty + 0.001)
  })

  test('is believed of the fastest answer', async () => {
    let ping = 0
    const skew = await measureSkew(async () => {
      ping += 1
      const now = epoch()
      if (ping !== 7) await new Promise((resolve) => setTimeout(resolve, 3))
      return now
    })
    expect(skew.uncertainty).toBeLessThan(1)
  })

  test('is taken off when it is more than the uncertainty', () => {
    expect(onThisClock(5000, { offset: 40, uncertainty: 1 })).toBe(4960)
    expect(onThisClock(5000, { offset: -40, uncertainty: 1 })).toBe(5040)
  })

  test('within the uncertainty is none', () => {
    expect(onThisClock(5000, { offset: 0.3, uncertainty: 0.5 })).toBe(5000)
  })
})

describe('waiting with a limit', () => {
  test('gives what came in time', async () => {
    expect(await within(1000, 'it', Promise.resolve(3))).toBe(3)
  })

  test('says what took too long', async () => {
    await expect(within(5, 'the start', new Promise(() => {}))).rejects.toThrow('the start took longer than 5 ms')
  })

  test('asks again until the answer is yes', async () => {
    let asked = 0
    await until(1000, 'it', () => Promise.resolve((asked += 1) === 3), 1)
    expect(asked).toBe(3)
  })

  test('says what did not come to pass', async () => {
    await expect(until(5, 'an empty list', () => Promise.resolve(false), 1)).rejects.toThrow('an empty list')
  })
})

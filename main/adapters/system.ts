// The ports Clock, Ids and Hash on this machine.
import { hash, randomBytes } from 'node:crypto'
import type { Clock, Hash, Ids } from '../core/ports.ts'

/** Node runs a longer timer at once instead of late. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function createClock(): Clock {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS))
      return () => clearTimeout(timer)
    },
    soon(run) {
      setImmediate(run)
    },
  }
}

/** Ids of 12 characters, safe in URLs and as words of a command line: none begins with `-`. */
export function createIds(): Ids {
  return {
    next() {
      for (;;) {
        const id = randomBytes(9).toString('base64url')
        if (!id.startsWith('-')) return id
      }
    },
  }
}

/** The first 16 hexadecimal digits of SHA-256 over the text's UTF-8. */
export function createHash(): Hash {
  return { text: (text) => hash('sha256', text, 'hex').slice(0, 16) }
}

// How much memory processes hold, by what Linux tells: each shared page is divided among those who share it.
import { readFileSync } from 'node:fs'
import { Unavailable } from './row.ts'

const KIB_A_MB = 1000 ** 2 / 1024

/** Proportional set size of these processes together, in MB; one that has ended is left out. Unavailable without Linux's /proc. */
export function readMemory(pids: readonly number[]): number {
  const sizes = pids.flatMap((pid) => {
    try {
      const [, size] = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
      return size === undefined ? [] : [Number(size)]
    } catch {
      return []
    }
  })
  if (sizes.length === 0) throw new Unavailable('memory is read from /proc/PID/smaps_rollup, which is not here')
  return sizes.reduce((sum, size) => sum + size, 0) / KIB_A_MB
}

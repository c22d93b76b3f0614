// How much processor time processes have used, by what Linux tells of their threads.
import { readdirSync, readFileSync } from 'node:fs'
import { Unavailable } from './row.ts'

/** µs of processor time by thread. */
export type CpuReading = ReadonlyMap<string, number>

/** Threads of these processes; one that has ended is left out. Unavailable on systems without Linux's /proc. */
export function readCpu(pids: readonly number[]): CpuReading {
  const reading = new Map<string, number>()
  for (const pid of pids) {
    for (const task of tasksOf(pid)) {
      try {
        // Nanoseconds on a processor, nanoseconds of waiting for one, slices (Documentation/scheduler/sched-stats.rst).
        const [ran] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')
        reading.set(`${pid}/${task}`, Number(ran) / 1000)
      } catch {
        // It has ended since.
      }
    }
  }
  if (reading.size === 0)
    throw new Unavailable('processor time is read from /proc/PID/task/TID/schedstat, which is not here')
  return reading
}

/** µs between two readings; what a thread used that ended in between is not known. */
export function cpuBetween(before: CpuReading, after: CpuReading): number {
  let sum = 0
  for (const [thread, micros] of after) sum += micros - (before.get(thread) ?? 0)
  return sum
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

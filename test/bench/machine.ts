// What has to be known of the machine to read its figures.
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os'

export interface MachineFacts {
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  /** Processes that wanted to run, on average over the last minute: much above 1 before a run spoils it. */
  readonly load: number
}

export function machineFacts(): MachineFacts {
  const processors = cpus()
  return {
    system: `${type()} ${release()} ${arch()}`,
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
  }
}

export function machineLine(facts: MachineFacts, browser: string | null): string {
  const { system, processor, cores, memoryGiB, node, load } = facts
  const window = browser === null ? '' : ` · Chromium ${browser}`
  return `${cores} cores (${processor}), ${memoryGiB} GiB · ${system} · Node ${node}${window} · load ${load.toFixed(2)}`
}

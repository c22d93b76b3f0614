// Names of the temporary files that a write puts beside its target, so that the watcher knows them again.
import { randomBytes } from 'node:crypto'

const TEMPORARY_NAME = /^\.slipstream-[0-9a-f]{12}\.tmp$/

/** A hidden name that nothing else has. */
export function temporaryName(): string {
  return `.slipstream-${randomBytes(6).toString('hex')}.tmp`
}

/** Whether this name (without folder) is one of ours, also when a crash left the file behind. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY_NAME.test(name)
}
